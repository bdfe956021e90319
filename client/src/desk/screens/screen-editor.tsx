import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { saveScreen } from '../api/save-screen.ts'
import { ChangedMeanwhile } from '../diff/changed-meanwhile.tsx'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { isComplete } from '../parts/is-complete.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenForm } from '../parts/screen-form.tsx'
import { useMe } from '../shell/me-context.ts'

interface ScreenEditorProps {
  readonly screen: Screen
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

export function ScreenEditor({ screen, asOf, onDone }: ScreenEditorProps) {
  const { t } = useText()
  const { site, departments } = useMe()
  const queries = useQueryClient()
  const [before] = useState(() => savedOf(screen))
  const [name, setName] = useState(screen.name)
  const [settings, setSettings] = useState(screen.settings)
  const save = useMutation({
    mutationFn: () => saveScreen(site, screen.id, { name: name.trim(), settings }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['screens', site] })
      onDone()
    },
  })
  return (
    <div className="screen__editor">
      <Form onSubmit={() => save.mutate()}>
        {!save.isSuccess && <ChangedMeanwhile before={before} current={savedOf(screen)} now={asOf} />}
        <ScreenForm name={name} settings={settings} allowed={departments} onName={setName} onSettings={setSettings} />
        <ProblemNote error={save.error} />
        <div className="row">
          <ActButton type="submit" loading={save.isPending} disabled={!isComplete(name, settings)}>
            {t('desk.save')}
          </ActButton>
          <Button variant="default" onClick={onDone}>
            {t('desk.cancel')}
          </Button>
        </div>
      </Form>
    </div>
  )
}

function savedOf({ name, settings }: Screen) {
  return { name, settings }
}
