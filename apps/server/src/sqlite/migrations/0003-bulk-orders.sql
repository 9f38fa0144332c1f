-- Orders for many addresses. Each node has a row in `orders` of its own, which counts how far it is.
CREATE TABLE bulk_orders (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  kind TEXT NOT NULL,
  jail TEXT,
  reason TEXT,
  ips TEXT NOT NULL,
  total INTEGER NOT NULL,
  undo_of TEXT
);
CREATE INDEX bulk_orders_by_time ON bulk_orders (at, id);

ALTER TABLE orders ADD COLUMN bulk_id TEXT REFERENCES bulk_orders (id) ON DELETE SET NULL;
ALTER TABLE orders ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_by_bulk ON orders (bulk_id);

CREATE TABLE order_refusals (
  order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  ip TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (order_id, ip)
) WITHOUT ROWID;
