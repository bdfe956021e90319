import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { TaskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Search, Zap } from 'lucide-react'
import { useState } from 'react'
import { apiSearch } from '../../api/search-params.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { taskBoardQuery, toTaskBoard } from '../../api/tasks.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { LiveChip } from '../../components/layout/live-chip.tsx'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { NewTask } from '../../components/tasks/new-task.tsx'
import { useDurationText } from '../../format/use-duration-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { RulesDialog } from './rules-dialog.tsx'
import type { TaskForm } from './task-actions.tsx'
import { TaskColumns } from './task-columns.tsx'
import { TaskDrawer } from './task-drawer.tsx'
import { TaskList } from './task-list.tsx'
import type { TasksSearch } from './tasks-search.ts'
import styles from './tasks.module.css'
import { useMoveCard } from './use-move-card.ts'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'

const iconSize = 16
const segments = ['mine', 'departments', 'all'] as const

/** All tasks and their assignees as a board of five columns; on a phone, the user's own tasks as a list. */
export function TasksPage() {
  const { t } = useText()
  const { site, actions } = useMe()
  const isPhone = useMediaQuery('(width < 700px)', undefined, { getInitialValueInEffect: false })
  const search = useSearch({ from: '/shell/tasks' })
  const navigate = useNavigate({ from: '/tasks' })
  const change = (part: TasksSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: !('task' in part) })
  const segment = search.segment ?? (isPhone ? 'mine' : 'departments')
  const { stage, person, sort, q } = search
  const question = apiSearch({ segment, stage, person, sort, q: q === '' ? undefined : q })
  const options = taskBoardQuery(site, question)
  const query = useQuery({ ...options, enabled: actions.includes('orders.read') })
  return (
    <Page
      title={t('nav.tasks')}
      needs="orders.read"
      status={<LiveChip />}
      tools={<BoardTools board={query.data} search={search} segment={segment} onChange={change} />}
    >
      <LiveBoard question={question} queryKey={options.queryKey} />
      <QueryBoundary query={query}>
        {(board) => (
          <TranslationsContext value={board.translations}>
            <BoardContent
              board={board}
              now={serverTime(query.dataUpdatedAt)}
              isPhone={isPhone}
              isFiltered={[stage, person, q].some((part) => part !== undefined && part !== '')}
              openTask={search.task}
              onChange={change}
            />
          </TranslationsContext>
        )}
      </QueryBoundary>
    </Page>
  )
}

/** Rendered only for users who may see the page. */
function LiveBoard({ question, queryKey }: { readonly question: string; readonly queryKey: readonly unknown[] }) {
  useLiveQuery({ queryKey, message: { kind: 'tasks', search: question }, toData: toTaskBoard })
  return null
}

interface BoardToolsProps {
  readonly board: TaskBoard | undefined
  readonly search: TasksSearch
  readonly segment: (typeof segments)[number]
  readonly onChange: (part: TasksSearch) => void
}

function BoardTools({ board, search, segment, onChange }: BoardToolsProps) {
  const { t, nameOf } = useText()
  const translated = useTranslated(board?.translations)
  const textOf = (text: string): string | undefined => (text === '' ? undefined : text)
  return (
    <div className={styles['tools']}>
      <SegmentedControl
        aria-label={t('tasks.segment.label')}
        value={segment}
        data={segments.map((each) => ({ value: each, label: t(`tasks.segment.${each}`) }))}
        onChange={(next) => onChange({ segment: next })}
      />
      <NativeSelect
        aria-label={t('tasks.fact.stage')}
        value={search.stage ?? ''}
        data={[
          { value: '', label: t('tasks.everyStage') },
          ...(board?.stages ?? []).map(({ code, name }) => ({
            value: code,
            label: name === undefined ? code : nameOf(name),
          })),
        ]}
        onChange={({ currentTarget }) => onChange({ stage: textOf(currentTarget.value) })}
      />
      {(board?.people.length ?? 0) > 0 && (
        <NativeSelect
          aria-label={t('tasks.fact.assignee')}
          value={search.person ?? ''}
          data={[
            { value: '', label: t('tasks.everybody') },
            ...(board?.people ?? []).map(({ id, name }) => ({ value: id, label: translated(name ?? '') })),
          ]}
          onChange={({ currentTarget }) => onChange({ person: textOf(currentTarget.value) })}
        />
      )}
      <NativeSelect
        aria-label={t('tasks.sort.label')}
        value={search.sort ?? 'overdue'}
        data={(['overdue', 'oldest'] as const).map((each) => ({ value: each, label: t(`tasks.sort.${each}`) }))}
        onChange={({ currentTarget }) => onChange({ sort: currentTarget.value === 'oldest' ? 'oldest' : undefined })}
      />
      <TextInput
        aria-label={t('tasks.search')}
        placeholder={t('tasks.search')}
        leftSection={<Search size={iconSize} aria-hidden />}
        value={search.q ?? ''}
        maxLength={100}
        onChange={({ currentTarget }) => onChange({ q: textOf(currentTarget.value) })}
      />
    </div>
  )
}

interface BoardContentProps {
  readonly board: TaskBoard
  readonly now: number
  readonly isPhone: boolean
  readonly isFiltered: boolean
  readonly openTask: string | undefined
  readonly onChange: (part: TasksSearch) => void
}

function BoardContent({ board, now, isPhone, isFiltered, openTask, onChange }: BoardContentProps) {
  const { t } = useText()
  const { actions } = useMe()
  const [dialog, setDialog] = useState<'new' | 'rules'>()
  const [form, setForm] = useState<TaskForm>()
  const { needsVerification } = board.rules
  const open = (id: number, first?: TaskForm): void => {
    setForm(first)
    onChange({ task: String(id) })
  }
  const moving = useMoveCard({ needsVerification, onAsk: (task, asked) => open(task.id, asked) })
  const mayMove = actions.includes('orders.act')
  const shown = { board, now, mayMove, onOpen: (id: number) => open(id), onMove: moving.toColumn }
  const isEmpty = Object.values(board.columns).every(({ count }) => count === 0)
  return (
    <div className={styles['page']}>
      <BoardHead board={board} onRules={() => setDialog('rules')} onNew={() => setDialog('new')} />
      <p className={moving.said?.isProblem === true ? styles['problem'] : styles['said']} role="status">
        {moving.said?.text}
      </p>
      {isEmpty && (
        <EmptyState title={t(isFiltered ? 'tasks.noneFound' : 'tasks.none')}>
          <p>{t(isFiltered ? 'tasks.noneFoundText' : 'tasks.noneText')}</p>
          {isFiltered && (
            <Button variant="default" onClick={() => onChange({ stage: undefined, person: undefined, q: undefined })}>
              {t('tasks.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {isPhone ? <TaskList {...shown} /> : <TaskColumns {...shown} />}
      {openTask !== undefined && /^\d{1,15}$/.test(openTask) && (
        <TaskDrawer
          key={openTask}
          id={Number(openTask)}
          form={form}
          moving={moving}
          needsVerification={needsVerification}
          onClose={() => {
            setForm(undefined)
            onChange({ task: undefined })
          }}
        />
      )}
      {dialog === 'new' && <NewTask onClose={() => setDialog(undefined)} />}
      {dialog === 'rules' && <RulesDialog onClose={() => setDialog(undefined)} />}
    </div>
  )
}

interface BoardHeadProps {
  readonly board: TaskBoard
  readonly onRules: () => void
  readonly onNew: () => void
}

/** The assignment rule and today's figures. */
function BoardHead({ board: { rules, today }, onRules, onNew }: BoardHeadProps) {
  const { t, language } = useText()
  const { actions } = useMe()
  const duration = useDurationText()
  return (
    <div className={styles['head']}>
      <p className={styles['rule']}>
        <Zap size={iconSize} aria-hidden />
        <span>{rules.assigns ? t('tasks.rule', { count: rules.confirmMinutes }) : t('tasks.ruleOff')}</span>
        {actions.includes('rules.change') && (
          <Button size="compact-sm" variant="subtle" onClick={onRules}>
            {t('tasks.changeRule')}
          </Button>
        )}
      </p>
      <dl className={styles['figures']}>
        {(
          [
            ['confirm', today.medianConfirmMs === undefined ? '—' : duration(Math.max(60_000, today.medianConfirmMs))],
            ['closed', formatCount(today.closedCount, language)],
            ['sentBack', formatCount(today.sentBackCount, language)],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{t(`tasks.today.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {actions.includes('orders.act') && (
        <Button leftSection={<Plus size={iconSize} aria-hidden />} onClick={onNew}>
          {t('tasks.new')}
        </Button>
      )}
    </div>
  )
}
