import { TextInput } from '@mantine/core'
import { failing } from '@stagewatch/shared/contract/field-issue.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { z } from 'zod'
import { Dialog } from '../../../components/dialog.tsx'
import { FormButtons, Form } from '../../../components/form/form.tsx'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'

/** Asks for the required fields of a new stage. It is inserted after the chosen stage, otherwise at the end. */
export function AddStage({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText()
  const { definition, dispatch, selected, select } = useProcess()
  const taken = new Set(definition.stages.map((stage) => stage.code))
  const schema = z.object({
    code: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .refine((code) => !taken.has(code), failing('twice', 'two stages share a code')),
    name: z.string().trim().max(200),
  })
  const { field, submit } = useSchemaForm(schema, { code: '', name: '' })
  return (
    <Dialog title={t('processes.addStage')} onClose={onClose}>
      <Form
        onSubmit={submit(({ code, name }) => {
          dispatch?.({
            kind: 'addStage',
            code,
            name: untranslated(name || code),
            ...(selected.stage !== undefined && { after: selected.stage }),
          })
          select({ stage: code })
          onClose()
        })}
      >
        <TextInput
          {...field('code')}
          label={t('processes.stageCode')}
          description={t('processes.stageCodeHint')}
          data-autofocus
        />
        <TextInput {...field('name')} label={t('processes.field.name')} description={t('processes.stageNameHint')} />
        <FormButtons submit={t('processes.addStage')} isBusy={false} onCancel={onClose} />
      </Form>
    </Dialog>
  )
}
