import { useForm } from '@mantine/form'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { z } from 'zod'
import { useIssueText } from './use-issue-text.ts'

/**
 * A form that is checked by the schema of what it sends, so that it accepts exactly what the server accepts, and that
 * says what is wrong with a field in the language of the page.
 */
export function useSchemaForm<Schema extends z.ZodType, Values extends z.input<Schema> & Record<string, unknown>>(
  schema: Schema,
  initialValues: Values,
) {
  const issueText = useIssueText()
  const form = useForm<Values, z.output<Schema>>({
    initialValues,
    validateInputOnBlur: false,
    validate: (values) => {
      const { error } = schema.safeParse(values)
      return error === undefined
        ? {}
        : Object.fromEntries(fieldIssues(error).map((issue) => [issue.field, issueText(issue)]))
    },
    transformValues: (values) => schema.parse(values),
  })
  return {
    form,
    /** Props of the input of a field. */
    field: (path: Extract<keyof Values, string>) => ({ ...form.getInputProps(path), name: path }),
    /** Handler of `onSubmit`: sends what the schema accepts, otherwise goes to the first field that it rejects. */
    submit: (send: (output: z.output<Schema>) => void) =>
      form.onSubmit(send, (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus()),
  }
}
