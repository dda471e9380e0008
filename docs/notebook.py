"""A notebook over the archive: `marimo edit docs/notebook.py`, or `python docs/notebook.py` to run it through once."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Work reports · 工作报告")


@app.cell
def _():
    import os
    import tempfile
    from pathlib import Path

    import duckdb
    import marimo as mo

    from flows.charts import Point, draw

    return Path, Point, draw, duckdb, mo, os, tempfile


@app.cell
def _(Path, duckdb, os):
    # Read-only: the archive can be read while it is being collected, and nothing here can change it.
    archive_file = Path(os.environ.get("WORKREPORTS_HOME", ".")) / "warehouse.duckdb"
    con = duckdb.connect(str(archive_file.resolve()), read_only=True)

    def ask(sql, parameters=()):
        """A query's rows, by column name."""
        answer = con.execute(sql, parameters)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return (ask,)


@app.cell
def _(ask, mo):
    info = ask("FROM archive_info")[0]
    mo.md(f"""
    # Work reports · 工作报告

    **{info["n_reports"]}** reports 份报告, of them **{info["n_copies"]}** copies 其中转载, from **{info["n_sources"]}**
    sources 个来源; published 发布于 {info["published_at"]:%Y-%m-%d %H:%M} UTC.
    """)
    return (info,)


@app.cell
def _(mo):
    mo.md("""
    ## What is there, and what is missing? · 有什么，缺什么？

    `coverage` has a row for each place, sector, year and kind, and says why there is no report where there is none.
    """)
    return


@app.cell
def _(ask, mo):
    sectors = ask(
        "SELECT sector FROM coverage WHERE sector <> '' GROUP BY sector ORDER BY count(*) DESC, sector"
    )
    sector = mo.ui.dropdown(
        [row["sector"] for row in sectors], value=sectors[0]["sector"], label="sector 行业"
    )
    sector
    return (sector,)


@app.cell
def _(Path, Point, ask, draw, mo, sector, tempfile):
    cells = ask(
        """SELECT year, coalesce(nullif(publisher, ''), nullif(region, ''), '文库 sharing sites') || ' ' || report_type AS row,
            mode(state) AS state FROM coverage WHERE sector = ? GROUP BY ALL""",
        [sector.value],
    )
    with tempfile.TemporaryDirectory() as _folder:
        _picture = Path(_folder) / "coverage.png"
        draw("heat", sector.value, [Point(str(c["year"]), c["row"], c["state"]) for c in cells], _picture)
        coverage_picture = _picture.read_bytes()
    mo.image(coverage_picture, alt="coverage 覆盖情况", width="100%")
    return cells, coverage_picture


@app.cell
def _(mo):
    words = mo.ui.text("医共体 OR 学位", label='words, "a phrase", OR, NOT 检索词', full_width=True)
    mo.vstack([mo.md("## Find · 检索"), words])
    return (words,)


@app.cell
def _(ask, mo, words):
    found = ask("SELECT title, publisher, year::VARCHAR AS year, snippet, url FROM search(?)", [words.value])
    mo.ui.table(found, selection=None, page_size=5)
    return (found,)


@app.cell
def _(ask, mo):
    copies = ask(
        """SELECT copy_title, copy_year::VARCHAR AS copy_year, original_title, original_year::VARCHAR AS original_year,
        figures_masked, copy_url FROM redated"""
    )
    mo.vstack([
        mo.md("## Which pages show an earlier report under another year? · 哪些页面是旧报告改年份而成？"),
        mo.ui.table(copies, selection=None, page_size=5),
    ])  # fmt: skip
    return (copies,)


@app.cell
def _(ask, mo):
    targets = ask(
        """SELECT publisher, plan_year::VARCHAR AS plan_year, indicator, planned, reported, planned_unit AS unit, outcome
        FROM plan_vs_report WHERE outcome IN ('met', 'missed') ORDER BY plan_year DESC, publisher, indicator"""
    )
    mo.vstack([
        mo.md("## What was planned, and what was reported? · 计划了什么，完成了什么？"),
        mo.ui.table(targets, selection=None, page_size=8),
    ])  # fmt: skip
    return (targets,)


if __name__ == "__main__":
    app.run()
