import { useForm } from '@mantine/form'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { z } from 'zod'
import { useIssueText } from './use-issue-text.ts'

/**
 * A form validated by the schema of its request, so that it accepts exactly what the server accepts. Errors of fields
 * are shown in the page's language.
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
    /** Handler of `onSubmit`: sends values that the schema accepts, otherwise focuses the first invalid field. */
    submit: (send: (output: z.output<Schema>) => void) =>
      form.onSubmit(send, (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus()),
  }
}

/** Schema of a form that omits its empty fields from the request. */
export function withoutEmpty<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(leaveOut, schema)
}

function leaveOut(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== '' && each !== undefined))
}
