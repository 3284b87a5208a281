CREATE TABLE IF NOT EXISTS notes (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
