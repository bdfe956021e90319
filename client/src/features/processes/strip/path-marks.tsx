import { clsx } from 'clsx'
import { ChevronUp, GitBranch } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import type { PathLine } from './path-lanes.ts'
import styles from './stage-strip.module.css'

/** A dashed line below the stages between the two stages of a path; clicking its name opens it. */
export function PathMark({ line }: { readonly line: PathLine }) {
  const pathText = usePathText()
  const { selected, select } = useProcess()
  const { first, last, lane, isReturn } = line
  return (
    <li
      className={clsx(styles['path'], isReturn && styles['return'])}
      style={
        {
          gridColumn: `${first + 1} / ${last + 2}`,
          gridRow: lane + 2,
          '--spanned': last - first + 1,
        } as CSSProperties
      }
    >
      <ChevronUp className={styles['head']} size={14} aria-hidden />
      <button
        type="button"
        className={styles['pathName']}
        aria-pressed={selected.path === line.at}
        onClick={() => select({ path: line.at })}
      >
        {pathText(line.path)}
      </button>
    </li>
  )
}

/** Replaces the lines on a phone, where they do not fit. */
export function PathList() {
  const { t } = useText()
  const { definition, select } = useProcess()
  const pathText = usePathText()
  const { paths = [] } = definition
  if (paths.length === 0) return null
  return (
    <>
      <h3 className={styles['pathsTitle']}>{t('processes.paths')}</h3>
      <ul className={styles['paths']}>
        {paths.map((path, at) => (
          <li key={`${path.from} ${path.to}`}>
            <button type="button" className={styles['stage']} onClick={() => select({ path: at })}>
              <GitBranch size={16} aria-hidden /> {pathText(path)}
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** The name of a path, and how often an order may take it. */
function usePathText() {
  const { t, nameOf } = useText()
  const { definition } = useProcess()
  const stageName = (code: string): string =>
    nameOf(definition.stages.find((one) => one.code === code)?.name ?? { en: code })
  return ({ from, to, name, maxTimes }: PathLine['path']): string => {
    const called = name === undefined ? '' : nameOf(name)
    const text = called === '' ? t('processes.pathName', { from: stageName(from), to: stageName(to) }) : called
    return maxTimes === undefined ? text : t('processes.atMost', { text, count: maxTimes })
  }
}
