"""The file of cases: what is acknowledged stays, what is changed shows, and what failed is said in one sentence."""

from assistant.store.anchor import write_receipt as receipt
from assistant.store.chain import Link, walk_chain
from assistant.store.faults import StoreTrouble
from assistant.store.outlet import Outlet
from assistant.store.store import Store

__all__ = ["Link", "Outlet", "Store", "StoreTrouble", "receipt", "walk_chain"]
