import { Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../../api/session.ts'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { Form } from '../../../components/form/form.tsx'
import layout from '../../../components/layout/layout.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { useText } from '../../../locales/use-text.ts'
import { templatesQuery, useTemplate } from './api.ts'
import styles from './templates.module.css'

interface TemplatePickerProps {
  /** The process whose draft is replaced. Undefined: a new process is created. */
  readonly process?: string
  /** Version of the overwritten draft. Undefined: there is none. */
  readonly version?: string | undefined
  /** @param process the process that received the draft. */
  readonly onUsed: (process: string) => void
}

/** Process templates by industry; the chosen one becomes a draft. */
export function TemplatePicker({ process, version, onUsed }: TemplatePickerProps) {
  const { t, nameOf, language } = useText()
  const { site } = useMe()
  const query = useQuery(templatesQuery(site))
  const use = useTemplate()
  const [chosen, setChosen] = useState<string>()
  return (
    <QueryBoundary query={query}>
      {({ templates }) => (
        <Form
          onSubmit={(event) => {
            event.preventDefault()
            if (chosen === undefined) return
            use.mutate(
              { template: chosen, version, body: { language, ...(process !== undefined && { process }) } },
              { onSuccess: ({ draft }) => onUsed(draft.definition.code) },
            )
          }}
        >
          <Radio.Group aria-label={t('processes.template.title')} value={chosen ?? null} onChange={setChosen}>
            <div className={styles['cards']}>
              {templates.map(({ name, description, process: { code, stages } }) => (
                <Radio.Card key={code} value={code} className={styles['card']}>
                  <Radio.Indicator aria-hidden className={styles['mark']} />
                  <span>
                    <strong>{nameOf(name)}</strong>
                    <span className={layout['meta']}>{nameOf(description)}</span>
                    <span className={styles['stages']}>{stages.map((stage) => nameOf(stage.name)).join(' → ')}</span>
                  </span>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          <p className={layout['meta']}>
            {t(version === undefined ? 'processes.template.text' : 'processes.template.replaces')}
          </p>
          <ErrorAlert error={use.error} />
          <div>
            <OnlineButton type="submit" loading={use.isPending} disabled={chosen === undefined}>
              {t('processes.template.use')}
            </OnlineButton>
          </div>
        </Form>
      )}
    </QueryBoundary>
  )
}
