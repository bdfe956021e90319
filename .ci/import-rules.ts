import { globSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { clientLayers, serverLayers } from '../.dependency-cruiser.mjs'
import { folderMatrix, imports, updatePage } from './folder-matrix.ts'
import { teachUsing } from './swc-using.ts'

/**
 * Checks the imports against .dependency-cruiser.mjs. A checker that fails to parse or resolve finds no violations
 * either, so this one also fails if it has seen too little. The page on the architecture shows, in both languages, which
 * folders import which; `--write` updates it.
 */
const pages = ['docs/architecture.md', 'docs/architecture.zh-CN.md']
const folders = ['bench', 'client', 'db', 'packaging', 'server', 'shared', 'test']

teachUsing()
const { output } = await cruise(folders, await extractDepcruiseOptions('./.dependency-cruiser.mjs'))
const { modules, summary } = asResult(output)

const sources = globSync(folders.map((folder) => `${folder}/**/*.{ts,tsx}`)).filter(
  (path) => !path.includes('node_modules') && !path.includes('dist'),
)
const seen = modules.filter(({ source }) => /\.tsx?$/.test(source) && !source.includes('node_modules'))
const crossing = seen.flatMap(({ source, dependencies }) =>
  dependencies.filter(
    ({ module, resolved }) => module.startsWith('@stagewatch/') && folderOf(resolved) !== folderOf(source),
  ),
)

const complaints = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
if (seen.length < sources.length / 2) complaints.push(`saw only ${seen.length} of ${sources.length} source files`)
if (crossing.length === 0) complaints.push('saw no import from one package of the workspace to another')
const mayWrite = process.argv.includes('--write')
for (const [name, layers] of [
  ['server', serverLayers],
  ['client', clientLayers],
] as const) {
  const matrix = folderMatrix(modules, `${name}/src`, layers)
  if (!matrix.includes(imports)) complaints.push(`saw no import from one folder of the ${name} to another`)
  for (const page of pages) {
    if ((await updatePage(page, `folders of the ${name}`, matrix, mayWrite)) && !mayWrite) {
      complaints.push(`${page} shows other imports than there are: node .ci/import-rules.ts --write`)
    }
  }
}

console.log(
  `${seen.length} modules, ${summary.totalDependenciesCruised ?? 0} imports, ${crossing.length} between packages`,
)
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1

function folderOf(path: string): string {
  return path.split('/', 1)[0] ?? path
}

function asResult(answer: ICruiseResult | string): ICruiseResult {
  if (typeof answer === 'string') throw new TypeError('dependency-cruiser answered with a report instead of a result')
  return answer
}
