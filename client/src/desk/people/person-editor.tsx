import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Membership, PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { saveMembership } from '../api/save-membership.ts'
import { ChangedMeanwhile } from '../diff/changed-meanwhile.tsx'
import { ActButton } from '../parts/act-button.tsx'
import { DepartmentsField } from '../parts/departments-field.tsx'
import { Form } from '../parts/form.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RoleField } from '../parts/role-field.tsx'
import { useMe } from '../shell/me-context.ts'

interface PersonEditorProps {
  readonly person: PeopleList['people'][number]
  readonly departments: readonly string[]
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

export function PersonEditor({ person, departments, asOf, onDone }: PersonEditorProps) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [role, setRole] = useState(person.role)
  const [chosen, setChosen] = useState(person.departments)
  const [before] = useState(() => membershipOf(person))
  const save = useMutation({
    mutationFn: () => saveMembership(site, person.id, { role, ...(chosen && { departments: chosen }) }),
    onSuccess: async () => {
      await Promise.all(['people', 'me'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      onDone()
    },
  })
  return (
    <tr className="table__edited">
      <td colSpan={6}>
        <Form onSubmit={() => save.mutate()}>
          <div>
            <strong>{person.name}</strong> <span className="meta">{person.email}</span>
          </div>
          {!save.isSuccess && <ChangedMeanwhile before={before} current={membershipOf(person)} now={asOf} />}
          <div className="fields">
            <RoleField value={role} onChange={setRole} />
            <DepartmentsField value={chosen} onChange={setChosen} suggestions={departments} />
          </div>
          <ProblemNote error={save.error} />
          <div className="row">
            <ActButton type="submit" loading={save.isPending} disabled={chosen?.length === 0}>
              {t('desk.save')}
            </ActButton>
            <Button variant="default" onClick={onDone}>
              {t('desk.cancel')}
            </Button>
          </div>
        </Form>
      </td>
    </tr>
  )
}

function membershipOf({ role, departments }: Membership): Membership {
  return { role, ...(departments && { departments }) }
}
