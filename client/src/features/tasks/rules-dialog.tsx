import { NumberInput, Switch } from '@mantine/core'
import { taskRulesView, type taskRules } from '@stagewatch/shared/contract/tasks.ts'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
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
        {({ version, ...rules }) => <RulesForm key={version} rules={rules} version={version} onSaved={onClose} />}
      </QueryBoundary>
    </Dialog>
  )
}

interface RulesFormProps {
  readonly rules: Rules
  readonly version: string
  readonly onSaved: () => void
}

const limits = {
  maxPerPerson: [1, 100],
  confirmMinutes: [1, 10_080],
  waitingHours: [1, 720],
} as const

function RulesForm({ rules, version, onSaved }: RulesFormProps) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [values, setValues] = useState(rules)
  const save = useMutation({
    mutationFn: (body: Rules) =>
      request({ path: '/api/v1/task-rules', method: 'PUT', body, version, response: taskRulesView, site }),
    onSuccess: async () => {
      await Promise.all(['task-rules', 'tasks'].map((key) => queries.invalidateQueries({ queryKey: [key, site] })))
      onSaved()
    },
    onError: () => queries.invalidateQueries({ queryKey: ['task-rules', site] }),
  })
  return (
    <form
      className={layout['stack']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(values)
      }}
    >
      {(['assigns', 'needsVerification'] as const).map((name) => (
        <Switch
          key={name}
          label={t(`tasks.rules.${name}`)}
          checked={values[name]}
          onChange={({ currentTarget }) => setValues({ ...values, [name]: currentTarget.checked })}
        />
      ))}
      {(['maxPerPerson', 'confirmMinutes', 'waitingHours'] as const).map((name) => (
        <NumberInput
          key={name}
          label={t(`tasks.rules.${name}`)}
          value={values[name]}
          min={limits[name][0]}
          max={limits[name][1]}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(value) => setValues({ ...values, [name]: typeof value === 'number' ? value : limits[name][0] })}
        />
      ))}
      <ErrorAlert error={save.error} />
      <OnlineButton type="submit" loading={save.isPending}>
        {t('tasks.rules.save')}
      </OnlineButton>
    </form>
  )
}
