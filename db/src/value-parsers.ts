import { parseArrayText } from './array-text.ts'

/** Converts the text in which PostgreSQL sends a value. */
export type ValueParser = (text: string) => unknown

const asSent: ValueParser = (text) => text
const boolean: ValueParser = (text) => text === 't'
const booleans: ValueParser = (text) => parseArrayText(text, (item) => item === 't')
const numbers: ValueParser = (text) => parseArrayText(text, Number)
const texts: ValueParser = (text) => parseArrayText(text, (item) => item)

/**
 * Parsers of `Queryable.values`, by the type numbers of PostgreSQL. The columns of drizzle expect exactly these values,
 * while the drivers' defaults differ: PGlite converts an `int8` to a number or a bigint and an instant to a `Date`,
 * postgres.js to a text and a `Date`, and both parse JSON, so that a column that parses it again would convert the text
 * `"1"` to a number.
 *
 * | type                                  | value           | column                                     |
 * | ------------------------------------- | --------------- | ------------------------------------------ |
 * | `boolean`                             | boolean         | `boolean`                                  |
 * | `int2`, `int4`, `oid`, `float4`, `float8` | number      | `integer`, expressions                     |
 * | `int8`                                | text            | `bigint`, which makes a number or a bigint |
 * | `timestamptz`, `timestamp`, `date`    | text            | `instant`, `authInstant`                   |
 * | `json`, `jsonb`                       | text            | `jsonb`                                    |
 * | arrays of text, numbers and booleans  | array, or `null` in it | `array()`                           |
 * | anything else                         | text            | `text`, `xid8`                             |
 */
export const parsersOfValues: Readonly<Record<number, ValueParser>> = {
  16: boolean,
  20: asSent,
  21: Number,
  23: Number,
  26: Number,
  114: asSent,
  700: Number,
  701: Number,
  1000: booleans,
  1005: numbers,
  1007: numbers,
  1009: texts,
  1015: texts,
  1021: numbers,
  1022: numbers,
  1082: asSent,
  1114: asSent,
  1184: asSent,
  3802: asSent,
}
