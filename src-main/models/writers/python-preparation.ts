/**
 * The preparation of raw rows as Python, written from its steps for the NumPy file and the PyTorch script alike: the steps
 * as data and one interpreter of them. Values may come as pandas, the csv module or json bring them.
 */
import type { ColumnSteps } from '#lab/datasets/preparation-steps.ts'
import { missingTexts } from '#lab/models/missing-texts.ts'

/** Writes COLUMNS and prepare_columns(rows), which gives one list of numbers an input. Needs datetime, json, math, re and warnings. */
export function pythonPreparation(columns: readonly ColumnSteps[], text: (value: string) => string): string {
  return `COLUMNS = json.loads(${text(JSON.stringify(columns))})
MISSING_TEXTS = set(json.loads(${text(JSON.stringify(missingTexts))}))
${interpreter}`
}

const interpreter = `EPOCH = datetime.datetime(1970, 1, 1)
DATE = re.compile(r"(\\d{4})-(\\d\\d?)-(\\d\\d?)(?:[T ]+(\\d\\d?):(\\d\\d)(?::(\\d\\d(?:\\.\\d+)?))?)?(?:Z|[+-]00(?::?00)?)?")
CLOCK = re.compile(r"([+-])?(?:(\\d+) days?,? )?(\\d{1,4}):([0-5]\\d)(?::([0-5]\\d(?:\\.\\d+)?))?\\s*([ap]\\.?m\\.?)?", re.IGNORECASE)
TOLD = set()


def tell(column, value, wanted):
    """Says once a column that a value can't be read; it counts as missing, as it does in the lab."""
    if column["column"] not in TOLD:
        TOLD.add(column["column"])
        warnings.warn(f'"{column["column"]}": {value!r} is no {wanted}; such values count as missing.')
    return math.nan


def is_absent(value):
    """Whether a value is None, NaN, NaT or pandas' NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False


def plain(value):
    """A value of NumPy as Python has it: numbers, truth values, and dates to the microsecond."""
    kind = type(value).__name__
    if kind == "datetime64":
        return value.astype("datetime64[us]").item()
    if kind == "timedelta64":
        return value.astype("timedelta64[us]").item()
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def read_number(value, column, wanted="number"):
    try:
        return float(value)
    except (TypeError, ValueError):
        return tell(column, value, wanted)


def read_date(value, column):
    """Days since 1970-01-01, the time of day as a fraction; with a time zone as it is in UTC."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return (value - EPOCH).total_seconds() / 86400
    if isinstance(value, datetime.date):
        return float((value - EPOCH.date()).days)
    date = DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if date is None:
        return read_number(value, column, "date such as 2024-05-31 or 2024-05-31 16:05")
    year, month, day, hours, minutes, seconds = date.groups()
    try:
        days = (datetime.date(int(year), int(month), int(day)) - EPOCH.date()).days
    except ValueError:
        return tell(column, value, "date")
    return (86400 * days + 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds or 0)) / 86400


def read_clock(value, column):
    """Hours of 16:05, 16:05:30, 4:05 pm and the like, of a time, and of a duration."""
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 3600
    if isinstance(value, datetime.time):
        return value.hour + value.minute / 60 + (value.second + value.microsecond / 1e6) / 3600
    clock = CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if clock is None:
        return read_number(value, column, "time such as 16:05")
    sign, days, first, minutes, seconds, half = clock.groups()
    hours = int(first) if half is None else int(first) % 12 + (12 if half[0] in "pP" else 0)
    read = 24 * int(days or 0) + hours + int(minutes) / 60 + float(seconds or 0) / 3600
    return -read if sign == "-" else read


def text(value):
    """Writes a value as the lab names levels: whole numbers without a point, truth values in small letters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else re.sub(r"e([+-])0*", r"e\\1", repr(value))
    return str(value)


def read_place(value, column):
    """The place of a level; NaN where there is none, the count of the levels for any other."""
    named = text(value)
    place = column["places"].get(named)
    if place is not None:
        return place
    if named.strip() in MISSING_TEXTS:
        return math.nan
    try:
        # A cell of a CSV reader may have 2.0 where the level is 2.
        return column["places"].get(text(float(named)), len(column["levels"]))
    except ValueError:
        return len(column["levels"])


READ = {"number": read_number, "date": read_date, "clock": read_clock, "text": read_place}
for steps_of_column in COLUMNS:
    if steps_of_column["reads"] == "text":
        known = {other: place for other, place in steps_of_column["aliases"]}
        known.update((level, place) for place, level in enumerate(steps_of_column["levels"]))
        steps_of_column["places"] = known


def read(value, column):
    """Reads a raw value as what its column holds; NaN where it is missing."""
    if is_absent(value):
        return math.nan
    value = plain(value)
    if column["reads"] != "text" and isinstance(value, str) and value.strip() in MISSING_TEXTS:
        return math.nan
    return READ[column["reads"]](value, column)


def year_and_month(day):
    """Year and month (January is 0) of a day since 1970-01-01."""
    shifted = day + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * of_year + 2) // 153
    month = from_march + 2 if from_march < 10 else from_march - 10
    return year_of_era + era * 400 + (1 if month < 2 else 0), month


# Where on its circle a value lies, as a share of the round.
SHARES = {
    "month": lambda value: year_and_month(math.floor(value))[1] / 12,
    "weekday": lambda value: (math.floor(value) + 3) % 7 / 7,
    "day-of-date": lambda value: value - math.floor(value),
    "day-of-clock": lambda value: value / 24 - math.floor(value / 24),
}


def prepare_column(column, given):
    """Turns the raw values of a column into one list of numbers for each of its inputs, step by step."""
    raw = [read(value, column) for value in given]
    missing = [not math.isfinite(value) for value in raw]
    values = [column["fill"] if absent else value for value, absent in zip(raw, missing)]
    inputs = []
    for step in column["steps"]:
        make = step["make"]
        if make == "scaled":
            numbers = [year_and_month(math.floor(value))[0] for value in values] if step["of"] == "year" else values
            scaled = [(value - step["offset"]) / step["scale"] for value in numbers]
            inputs.append([z / math.sqrt(1 + (z / 3) * (z / 3)) for z in scaled] if step.get("smoothClip") else scaled)
        elif make == "circle":
            angles = [2 * math.pi * SHARES[step["of"]](value) for value in values]
            inputs += [[math.sin(angle) for angle in angles], [math.cos(angle) for angle in angles]]
        elif make == "one-hot":
            places = range(step["levels"] + (1 if step["other"] else 0))
            inputs += [[float(value == place) for value in values] for place in places]
        elif make == "coded":
            codes = step["codes"]
            inputs.append([codes[int(value)] if value >= 0 else 0.0 for value in values])
        else:
            inputs.append([float(absent) for absent in missing])
    return inputs


def prepare_columns(rows):
    """Turns rows, a list of dicts by column name, into one list of numbers for each input of the network."""
    return [
        values
        for column in COLUMNS
        for values in prepare_column(column, [row.get(column["column"]) for row in rows])
    ]
`
