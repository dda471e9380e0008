-- What needs a person now, and why? | 未解除的警报：哪里需要人处理、为什么
CREATE OR REPLACE VIEW open_alarms AS
SELECT source, cause, message, opened_at, run_id FROM alarms WHERE closed_at IS NULL;
