"""script/backup and script/restore: what each word of theirs does."""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from allyship.backups import making, restoring, sealing


def main() -> int:
    options = _parser().parse_args()
    try:
        options.does(options)
    except (making.Failed, restoring.NothingToRestore, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="script", description=__doc__)
    words = parser.add_subparsers(required=True)

    key = words.add_parser("new-key", help="a key pair: the public key is printed, the private one goes to the file")
    key.add_argument("file", type=Path)
    key.set_defaults(does=lambda options: print(sealing.new_key(options.file)))

    for word, does in (("nightly", _nightly), ("follow", _follow)):
        backup = words.add_parser(word, help=does.__doc__)
        backup.add_argument("folder", type=Path)
        backup.add_argument("--public-key", required=True)
        backup.set_defaults(does=does)
        if word == "follow":
            backup.add_argument("--spool", type=Path, required=True, help="where WAL is until it is sealed")
            backup.add_argument("--seconds", type=float, default=making.SECONDS)
        else:
            backup.add_argument("--days", type=int, default=14, help="how long backups are kept")

    server = words.add_parser("server", help="make the data folder of a server, as of a moment")
    server.add_argument("folder", type=Path)
    server.add_argument("data", type=Path)
    server.add_argument("--key", type=Path, required=True)
    server.add_argument("--until", type=datetime.fromisoformat, help="like 2026-11-23T14:05:00+00:00; else the last")
    server.add_argument("--owner", help="the user whom the server runs as")
    server.set_defaults(does=_server)

    dump = words.add_parser("dump", help="open a sealed dump, for pg_restore")
    dump.add_argument("sealed", type=Path)
    dump.add_argument("opened", type=Path)
    dump.add_argument("--key", type=Path, required=True)
    dump.set_defaults(does=lambda options: sealing.unseal(options.sealed, options.opened, options.key))
    return parser


def _nightly(options: Namespace) -> None:
    """a base backup and a dump; old ones go"""
    url = os.environ["DATABASE_URL"]
    for make in (making.base, making.dump):
        print(make(url, options.folder, options.public_key))
    for path in making.forget(options.folder, days=options.days):
        print("old, deleted:", path)


def _follow(options: Namespace) -> None:
    """everything that is written from now on; runs for as long as the server does"""
    making.follow(
        os.environ["DATABASE_URL"], options.folder, options.public_key, options.spool, seconds=options.seconds
    )


def _server(options: Namespace) -> None:
    if options.until and options.until.tzinfo is None:
        options.until = options.until.astimezone()
    base = restoring.into(
        options.data, folder=options.folder, key=options.key, until=options.until, owner=options.owner
    )
    print(f"{options.data} is made from {base.name}; start PostgreSQL on it.")


if __name__ == "__main__":
    sys.exit(main())
