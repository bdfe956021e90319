import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { pseudoText } from '../../../client/src/locales/testing/pseudo-locale.ts'
import type { TextTree } from '../../../client/src/locales/testing/read-texts.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const copied = ['client', 'shared', 'vite.config.ts', 'package.json']
const left = new Set(['node_modules', 'dist'])

interface Locale {
  readonly code: string
  readonly tag: string
  readonly formatTag: string
  readonly name: string
}

/**
 * The client, built from a temporary copy of its sources that has one more language: only the files and the entry that
 * docs/languages.md lists.
 */
export async function buildWithLanguage({ code, ...settings }: Locale) {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-language-'))
  for (const name of copied) {
    await cp(join(root, name), join(folder, name), { recursive: true, filter: (path) => !left.has(basename(path)) })
  }
  for (const name of ['.', 'client', 'shared']) {
    await symlink(join(root, name, 'node_modules'), join(folder, name, 'node_modules'))
  }
  const list = join(folder, 'shared/src/domain/locales.json')
  const locales = JSON.parse(await readFile(list, 'utf8')) as object
  await writeFile(list, JSON.stringify({ ...locales, [code]: settings }))
  await writeTexts(join(folder, 'client/src/locales'), settings.tag)
  await build({
    configFile: join(folder, 'vite.config.ts'),
    root: join(folder, 'client'),
    logLevel: 'warn',
    resolve: {
      // The link in node_modules points to the sources of the repository, not to the copy.
      alias: [
        {
          find: /^@stagewatch\/shared\/(domain|contract)\//,
          replacement: `${join(folder, 'shared/src')}/$1/`,
        },
      ],
    },
  })
  return { dist: `${join(folder, 'client/dist')}/`, remove: () => rm(folder, { recursive: true }) }
}

/** Writes accented English texts in every plural form of the language; each form starts with its name. */
async function writeTexts(locales: string, tag: string): Promise<void> {
  const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
  await mkdir(join(locales, tag))
  for (const file of await readdir(join(locales, 'en'))) {
    const english = JSON.parse(await readFile(join(locales, 'en', file), 'utf8')) as TextTree
    await writeFile(join(locales, tag, file), JSON.stringify(translated(english, forms)))
  }
}

function translated(texts: TextTree, forms: readonly string[]): TextTree {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]): [string, string | TextTree][] => {
      if (typeof text !== 'string') return [[key, translated(text, forms)]]
      if (key.endsWith('_one')) return []
      if (!key.endsWith('_other')) return [[key, pseudoText(text)]]
      return forms.map((form) => [key.replace('other', form), `${form}: ${pseudoText(text)}`])
    }),
  )
}
