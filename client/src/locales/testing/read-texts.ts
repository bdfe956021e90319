import { readdirSync, readFileSync } from 'node:fs'

/** Texts by file name, or by key within a file. */
export interface TextTree {
  readonly [key: string]: string | TextTree
}

/** All texts in the folder of a language, by group. */
export function readTexts(tag: string): TextTree {
  return Object.assign({}, ...readFiles(tag)) as TextTree
}

/** The groups of each file of a language, in one list. */
export function fileGroups(tag: string): string[] {
  return readFiles(tag).flatMap((file) => Object.keys(file))
}

function readFiles(tag: string): TextTree[] {
  const folder = new URL(`../${tag}/`, import.meta.url)
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as TextTree)
}

export function flatTexts(texts: TextTree): Map<string, string> {
  return new Map(entries(texts, ''))
}

function entries(texts: TextTree, path: string): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[path + key, text]] : entries(text, `${path}${key}.`),
  )
}
