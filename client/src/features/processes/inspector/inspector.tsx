import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import styles from './inspector.module.css'
import { PathInspector } from './path-inspector.tsx'
import { ProcessInspector } from './process-inspector.tsx'
import { StageInspector } from './stage-inspector.tsx'

/** Settings of the chosen stage or path, otherwise of the process itself. */
export function Inspector({ isTitled }: { readonly isTitled: boolean }) {
  const { definition, selected } = useProcess()
  const title = useInspectorTitle()
  const stage = definition.stages.find(({ code }) => code === selected.stage)
  const path = selected.path === undefined ? undefined : definition.paths?.[selected.path]
  return (
    <>
      {isTitled && (
        <h2 className={styles['title']}>
          {title.name} {title.note !== undefined && <span className={styles['titleNote']}>{title.note}</span>}
        </h2>
      )}
      {stage !== undefined ? (
        <StageInspector key={stage.code} stage={stage} />
      ) : path !== undefined && selected.path !== undefined ? (
        <PathInspector key={selected.path} path={path} at={selected.path} />
      ) : (
        <ProcessInspector />
      )}
    </>
  )
}

/** Title of the inspector. */
export function useInspectorTitle(): { readonly name: string; readonly note?: string } {
  const { t, nameOf } = useText()
  const { definition, selected } = useProcess()
  const place = definition.stages.findIndex(({ code }) => code === selected.stage)
  const stage = definition.stages[place]
  if (stage !== undefined) return { name: nameOf(stage.name), note: t('processes.nth', { place: place + 1 }) }
  if (selected.path !== undefined && definition.paths?.[selected.path] !== undefined)
    return { name: t('processes.path') }
  return { name: t('processes.whole') }
}
