import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { changeName } from '../api/change-name.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'

export function NameForm({ name }: { readonly name: string }) {
  const { t } = useText()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (form: HTMLFormElement) => changeName(formText(form, 'name').trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  })
  return (
    <Form onSubmit={(form) => save.mutate(form)}>
      <TextInput name="name" label={t('desk.name')} defaultValue={name} autoComplete="name" maxLength={100} required />
      <ProblemNote error={save.error} />
      <ActButton type="submit" variant="default" loading={save.isPending}>
        {t(save.isSuccess ? 'desk.saved' : 'desk.account.saveName')}
      </ActButton>
    </Form>
  )
}
