import { Switch } from '@mantine/core'
import { taskRules, taskRulesView } from '@stagewatch/shared/contract/tasks.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { request } from '../../api/request.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { Dialog } from '../../components/dialog.tsx'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { NumberField } from '../../components/form/number-field.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'

type Rules = z.infer<typeof taskRules>

const taskRulesQuery = (site: string) =>
  queryOptions({
    queryKey: ['task-rules', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/task-rules', response: taskRulesView, site, signal }),
    staleTime: 0,
  })

/** Editor for how tasks are assigned and closed, for users who may change it. */
export function RulesDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(taskRulesQuery(site))
  return (
    <Dialog title={t('tasks.rules.title')} onClose={onClose}>
      <QueryBoundary query={query} isInCard>
        {({ version, ...rules }) => (
          <RulesForm rules={rules} version={version} now={serverTime(query.dataUpdatedAt)} onSaved={onClose} />
        )}
      </QueryBoundary>
    </Dialog>
  )
}

interface RulesFormProps {
  readonly rules: Rules
  readonly version: string
  /** Epoch ms. */
  readonly now: number
  readonly onSaved: () => void
}

const limits = {
  maxPerPerson: [1, 100],
  confirmMinutes: [1, 10_080],
  waitingHours: [1, 720],
} as const

function RulesForm({ rules, version, now, onSaved }: RulesFormProps) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [before, setBefore] = useState(rules)
  const [values, setValues] = useState(rules)
  const replaceBy = (saved: Rules): void => {
    setBefore(saved)
    setValues(saved)
  }
  if (changedFields(before, values).length === 0 && changedFields(before, rules).length > 0) {
    // There are no unsaved edits: the version saved by somebody else simply replaces the displayed one.
    replaceBy(rules)
  }
  const save = useMutation({
    mutationFn: (body: Rules) =>
      request({ path: '/api/v1/task-rules', method: 'PUT', body, version, response: taskRulesView, site }),
    onSuccess: async () => {
      await Promise.all(['task-rules', 'tasks'].map((key) => queries.invalidateQueries({ queryKey: [key, site] })))
      notifyDone(t('desk.saved'))
      onSaved()
    },
    onError: () => queries.invalidateQueries({ queryKey: ['task-rules', site] }),
  })
  const isValid = taskRules.safeParse(values).success
  return (
    <form
      className={layout['stack']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isValid) save.mutate(values)
      }}
    >
      {!save.isSuccess && (
        <EditConflict
          before={before}
          current={rules}
          yours={values}
          now={now}
          onTakeTheirs={() => {
            save.reset()
            replaceBy(rules)
          }}
        />
      )}
      {(['assigns', 'needsVerification'] as const).map((name) => (
        <Switch
          key={name}
          label={t(`tasks.rules.${name}`)}
          checked={values[name]}
          onChange={({ currentTarget }) => setValues({ ...values, [name]: currentTarget.checked })}
        />
      ))}
      {(['maxPerPerson', 'confirmMinutes', 'waitingHours'] as const).map((name) => (
        <NumberField
          key={name}
          label={t(`tasks.rules.${name}`)}
          value={values[name]}
          min={limits[name][0]}
          max={limits[name][1]}
          onChange={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <ErrorAlert error={save.error} />
      <OnlineButton type="submit" loading={save.isPending} disabled={!isValid}>
        {t('tasks.rules.save')}
      </OnlineButton>
    </form>
  )
}
