from motcua import app

app()
