"""The national portal: sessions of its adapter, and the answers of its public figures."""
