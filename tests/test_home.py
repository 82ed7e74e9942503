import stat
from concurrent.futures import ThreadPoolExecutor

from allyship import home


def test_secret_made_by_many_at_once_is_one(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: home.secret(tmp_path, "key"), range(64)))

    assert (len(set(made)), len(made[0])) == (1, 64)
    assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.iterdir()] == [("key", 0o600)]
