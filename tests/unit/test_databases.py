"""The databases that tests get are at head, and each test has its own."""

from sqlalchemy import create_engine, inspect, text


def test_a_migrated_database_is_at_head(migrated_database_url):
    engine = create_engine(migrated_database_url)
    with engine.connect() as connection:
        assert "response" in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT count(*) FROM response")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    engine.dispose()
