-- What was removed on request, so that it is not collected again. No text and no title: only the address and when.
CREATE TABLE forgotten (what VARCHAR NOT NULL, is_source BOOLEAN NOT NULL, forgotten_at TIMESTAMP);
