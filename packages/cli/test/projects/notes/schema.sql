CREATE TABLE IF NOT EXISTS notes (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
