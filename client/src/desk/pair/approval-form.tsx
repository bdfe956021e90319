import { Checkbox } from '@mantine/core'
import type { PairingAsked } from '@stagewatch/shared/contract/pairing.ts'
import { screenSettings, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { isComplete } from '../parts/is-complete.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenForm } from '../parts/screen-form.tsx'
import { useMe } from '../shell/me-context.ts'
import { WhatAsks } from './what-asks.tsx'

interface ApprovalFormProps {
  readonly asked: PairingAsked
  /** Epoch ms. */
  readonly asOf: number
  readonly name: string
  readonly onName: (name: string) => void
  readonly error: Error | null
  readonly busy: 'approve' | 'deny' | undefined
  readonly onApprove: (settings: ScreenSettings) => void
  readonly onDeny: () => void
}

/** Whoever approves says first that the code stands on a screen before them: somebody may have sent it instead. */
export function ApprovalForm(props: ApprovalFormProps) {
  const { asked, asOf, name, onName, error, busy, onApprove, onDeny } = props
  const { t, language } = useText()
  const { departments } = useMe()
  const [isSeen, setSeen] = useState(false)
  // It begins in the language of whoever pairs it, with what they may show.
  const [settings, setSettings] = useState(() => screenSettings.parse({ language, departments }))
  const mayApprove = isSeen && isComplete(name, settings)
  return (
    <section className="card">
      <WhatAsks asked={asked} asOf={asOf} />
      <Form onSubmit={() => onApprove(settings)}>
        <div className="note note--warning">
          <div>
            <p>{t('desk.pair.warning')}</p>
            <Checkbox
              label={t('desk.pair.seen')}
              checked={isSeen}
              onChange={({ currentTarget }) => setSeen(currentTarget.checked)}
            />
          </div>
        </div>
        <ScreenForm name={name} settings={settings} allowed={departments} onName={onName} onSettings={setSettings} />
        <ProblemNote error={error} />
        {!mayApprove && <p className="meta">{t('desk.pair.todo')}</p>}
        <div className="row row--wide">
          <ActButton type="submit" disabled={!mayApprove} loading={busy === 'approve'}>
            {t('desk.pair.approve')}
          </ActButton>
          <ActButton variant="default" className="danger" loading={busy === 'deny'} onClick={onDeny}>
            {t('desk.pair.deny')}
          </ActButton>
        </div>
      </Form>
    </section>
  )
}
