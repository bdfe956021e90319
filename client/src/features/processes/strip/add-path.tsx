import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../../../components/dialog.tsx'
import { FormButtons, Form } from '../../../components/form/form.tsx'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { isReturn } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'

/** Asks for the two stages of a path that deviates from the usual order. */
export function AddPath({ onClose }: { readonly onClose: () => void }) {
  const { t, nameOf } = useText()
  const { definition, dispatch, selected, select } = useProcess()
  const { stages, paths = [] } = definition
  const [from, setFrom] = useState(() => selected.stage ?? stages.at(-1)?.code ?? '')
  const [to, setTo] = useState(() => stages.find(({ code }) => code !== from)?.code ?? '')
  const choices = stages.map(({ code, name }) => ({ value: code, label: nameOf(name) }))
  const isTaken = paths.some((path) => path.from === from && path.to === to)
  const problem = from === to ? t('processes.pathToItself') : isTaken ? t('processes.pathTaken') : undefined
  return (
    <Dialog title={t('processes.addPath')} onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          if (problem !== undefined) return
          dispatch?.({ kind: 'addPath', path: { from, to } })
          select({ path: paths.length })
          onClose()
        }}
      >
        <NativeSelect
          label={t('processes.pathFrom')}
          value={from}
          data={choices}
          data-autofocus
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <NativeSelect
          label={t('processes.pathTo')}
          value={to}
          data={choices}
          error={problem}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
        {problem === undefined && (
          <p className={layout['meta']}>
            {t(isReturn(definition, { from, to }) ? 'processes.isReturn' : 'processes.isBranch')}
          </p>
        )}
        <FormButtons
          submit={t('processes.addPath')}
          isBusy={false}
          isDisabled={problem !== undefined}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  )
}
