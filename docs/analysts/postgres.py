"""Đọc kho dữ liệu bằng SQLAlchemy. The warehouse through SQLAlchemy.

python postgres.py postgresql+psycopg://an@host/motcua
"""

import sys

import sqlalchemy as sa

engine = sa.create_engine(sys.argv[1])
figure = sa.Table("figure", sa.MetaData(), schema="mart", autoload_with=engine)

query = (
    sa.select(figure.c.period, figure.c.area_name, figure.c.value, figure.c.reason)
    .where(
        figure.c.indicator == "online_submission_share",
        figure.c.borders == "34",
        figure.c.level == "province",
        figure.c.period_type == "month",
    )
    .order_by(figure.c.period, figure.c.area)
)
with engine.connect() as connection:
    for period, area, value, reason in connection.execute(query):
        print(period, area, reason if value is None else f"{value:.4f}")

# Nghĩa của từng cột nằm ngay trong cơ sở dữ liệu · the database says what each column means
print(figure.c.value.comment)
engine.dispose()
