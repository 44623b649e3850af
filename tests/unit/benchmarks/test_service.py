from service import ROWS, Row, Sample, summarize


def test_a_row_has_the_medians_of_its_rounds() -> None:
    rounds = [
        (Sample(100.0, 50.0), Sample(200.0, 20.0)),
        (Sample(90.0, 40.0), Sample(100.0, 20.0)),
        (Sample(80.0, 60.0), Sample(400.0, 30.0)),
    ]
    found = summarize(Row("negotiated", "/topics/{topic}"), rounds)
    assert (found["ratio"], found["ratios"], found["cpu_ratio"]) == (0.5, [0.2, 0.5, 0.9], 0.5)
    assert found["service"] == {"rate": 90, "cpu_us": 50.0}
    assert found["nginx"] == {"rate": 200, "cpu_us": 20.0}


def test_each_measurement_has_its_own_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
