import { TextInput } from '@mantine/core'
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { renderDesk } from '../testing/render-desk.tsx'
import { Form } from './form.tsx'
import { useSchemaForm } from './use-schema-form.ts'

const person = z.object({ name: z.string().trim().min(1), email: z.email() })
let sent: z.output<typeof person>[] = []

function PersonForm() {
  const { field, submit } = useSchemaForm(person, { name: '', email: '' })
  return (
    <Form onSubmit={submit((output) => sent.push(output))}>
      <TextInput {...field('name')} label="a" />
      <TextInput {...field('email')} label="b" />
      <button type="submit">c</button>
    </Form>
  )
}

const send = () => fireEvent.click(screen.getByRole('button'))
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

afterEach(() => {
  cleanup()
  sent = []
})

describe('a form', () => {
  it('sends the fields as parsed by its schema', async () => {
    await renderDesk(<PersonForm />)
    fill('a', '  Ada ')
    fill('b', 'ada@example.com')
    send()
    expect(sent).toEqual([{ name: 'Ada', email: 'ada@example.com' }])
  })

  it.each([
    ['en', 'Must not be empty', 'Must be an email address such as li@example.com'],
    ['zh', '不能为空', '必须是邮箱地址，例如 li@example.com'],
  ] as const)(
    'shows an error next to each invalid field, and focuses the first one (%s)',
    async (language, ...texts) => {
      await renderDesk(<PersonForm />, { language })
      fill('b', 'ada')
      send()
      for (const text of texts) expect(screen.getByText(text)).toBeDefined()
      expect(document.activeElement).toBe(screen.getByLabelText('a'))
      expect(sent).toEqual([])
    },
  )

  it('clears the error of a field once it is changed', async () => {
    await renderDesk(<PersonForm />)
    send()
    fill('a', 'Ada')
    expect(screen.queryByText('Must not be empty')).toBeNull()
  })
})
