import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import { ChevronRight, GitBranch, GripVertical, Plus } from 'lucide-react'
import { useState, type CSSProperties, type KeyboardEvent } from 'react'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { softHyphens } from '../../../format/soft-hyphens.ts'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import { changedStageFields } from '../process-changes.ts'
import { AddPath } from './add-path.tsx'
import { AddStage } from './add-stage.tsx'
import { pathLines } from './path-lanes.ts'
import { PathList, PathMark } from './path-marks.tsx'
import styles from './stage-strip.module.css'
import { useReorder } from './use-reorder.ts'

interface StageStripProps {
  /** Whether the stages are stacked vertically, as on a phone. */
  readonly isVertical: boolean
}

/** The stages in their order, which can be chosen and moved, and the additional paths. */
export function StageStrip({ isVertical }: StageStripProps) {
  const { t, nameOf } = useText()
  const { definition, live, dispatch, selected, select } = useProcess()
  const { shortLimitText } = useFieldText()
  const [adding, setAdding] = useState<'stage' | 'path'>()
  const [announced, setAnnounced] = useState('')
  const { stages } = definition
  const codes = stages.map(({ code }) => code)
  const liveStages = new Map(live.stages.map((stage) => [stage.code, stage]))

  const move = (code: string, to: number): void => {
    const place = Math.max(0, Math.min(codes.length - 1, to))
    if (dispatch === undefined || codes.indexOf(code) === place) return
    dispatch({ kind: 'moveStage', code, to: place })
    const name = nameOf(stages.find((stage) => stage.code === code)?.name ?? {})
    setAnnounced(t('processes.moved', { name, place: place + 1, total: codes.length }))
  }
  const { list, drag, start } = useReorder<HTMLOListElement>({ codes, axis: isVertical ? 'y' : 'x', onMove: move })
  const onKeyDown = (code: string, at: number) => (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    if (event.altKey) {
      move(code, at + step)
      return
    }
    list.current?.querySelectorAll<HTMLElement>('[data-item] > button')[at + step]?.focus()
  }
  const lines = isVertical ? [] : pathLines(definition)

  return (
    <section className={card['card']}>
      <div className={layout['bar']}>
        <h2 className={styles['title']}>
          {t('processes.strip.title')}{' '}
          {dispatch !== undefined && stages.length > 1 && !isVertical && (
            <span className={card['titleNote']}>{t('processes.strip.hint')}</span>
          )}
        </h2>
        {dispatch !== undefined && (
          <div className={layout['row']}>
            <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding('stage')}>
              {t('processes.addStage')}
            </Button>
            {stages.length > 1 && (
              <Button
                variant="default"
                leftSection={<GitBranch size={16} aria-hidden />}
                onClick={() => setAdding('path')}
              >
                {t('processes.addPath')}
              </Button>
            )}
          </div>
        )}
      </div>
      <p className="hidden-text" role="status" data-may-truncate>
        {announced}
      </p>
      {stages.length === 0 && <p className={layout['meta']}>{t('processes.noStages')}</p>}
      <ScrollArea className={styles['scroll']} label={t('processes.strip.title')}>
        <ol
          ref={list}
          className={clsx(styles['strip'], isVertical && styles['vertical'])}
          style={{ '--stages': stages.length } as CSSProperties}
        >
          {stages.map((stage, at) => {
            const { code } = stage
            const was = liveStages.get(code)
            const isChanged = was === undefined || changedStageFields(was, stage).length > 0
            return (
              <li
                key={code}
                data-item={code}
                className={clsx(
                  styles['item'],
                  drag?.code === code && styles['dragged'],
                  drag?.before === at && styles['dropBefore'],
                  drag?.before === codes.length && at === codes.length - 1 && styles['dropAfter'],
                )}
              >
                {at > 0 && !isVertical && <ChevronRight className={styles['arrow']} size={14} aria-hidden />}
                <button
                  type="button"
                  className={styles['stage']}
                  aria-pressed={code === selected.stage}
                  aria-keyshortcuts={dispatch === undefined ? undefined : 'Alt+ArrowLeft Alt+ArrowRight'}
                  onClick={() => select(code === selected.stage ? {} : { stage: code })}
                  onKeyDown={onKeyDown(code, at)}
                  onPointerDown={dispatch === undefined || isVertical ? undefined : start(code)}
                >
                  <strong className={styles['name']}>
                    {softHyphens(nameOf(stage.name))}
                    {isChanged && (
                      <span
                        className={styles['changed']}
                        title={t('processes.changed')}
                        role="img"
                        aria-label={t('processes.changed')}
                      />
                    )}
                  </strong>
                  <span className={styles['limit']}>{shortLimitText(stage)}</span>
                </button>
                {isVertical && dispatch !== undefined && (
                  <span className={styles['grip']} aria-hidden onPointerDown={start(code)}>
                    <GripVertical size={18} />
                  </span>
                )}
              </li>
            )
          })}
          {lines.map((line) => (
            <PathMark key={line.at} line={line} />
          ))}
        </ol>
      </ScrollArea>
      {isVertical && <PathList />}
      {adding === 'stage' && <AddStage onClose={() => setAdding(undefined)} />}
      {adding === 'path' && <AddPath onClose={() => setAdding(undefined)} />}
    </section>
  )
}
