import { CloseButton, TextInput } from '@mantine/core'
import { maxSkills, skill, type Skill, type SkillList } from '@stagewatch/shared/contract/team.ts'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { skillsQuery } from '../../api/skills.ts'
import { useSaveSkills } from './api.ts'
import { NameFields, writtenName } from './name-fields.tsx'

/** The skills that people of the site can have. */
export function SkillsCard() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(skillsQuery(site))
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('team.skillsTitle')}</h2>
      <p className={layout['meta']}>{t('team.skillsText', { limit: maxSkills })}</p>
      <QueryBoundary query={query} isInCard>
        {(list) => <Skills list={list} />}
      </QueryBoundary>
    </section>
  )
}

function Skills({ list: { skills, version } }: { readonly list: SkillList }) {
  const { t, nameOf } = useText()
  const { actions } = useMe()
  const mayChange = actions.includes('departments.manage')
  const save = useSaveSkills(version)
  return (
    <>
      {skills.map((one) => (
        <div key={one.key} className={layout['listRow']}>
          <div>
            {nameOf(one.name)} <span className={layout['meta']}>{one.key}</span>
          </div>
          {mayChange && (
            <CloseButton
              aria-label={t('team.removeSkill', { name: nameOf(one.name) })}
              disabled={save.isPending}
              onClick={() => save.mutate(skills.filter(({ key }) => key !== one.key))}
            />
          )}
        </div>
      ))}
      {skills.length === 0 && <p className={layout['quiet']}>{t('desk.empty')}</p>}
      {mayChange && (
        <AddSkill
          isBusy={save.isPending}
          onAdd={(added, onSuccess) => save.mutate([...skills, added], { onSuccess })}
        />
      )}
      <ErrorAlert error={save.error} />
    </>
  )
}

interface AddSkillProps {
  readonly isBusy: boolean
  readonly onAdd: (added: Skill, onSuccess: () => void) => void
}

function AddSkill({ isBusy, onAdd }: AddSkillProps) {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(skill, { key: '', name: {} })
  return (
    <Form onSubmit={submit((added) => onAdd(added, () => form.reset()))}>
      <NameFields
        value={form.values.name}
        error={form.errors['name']}
        onChange={(next) => form.setFieldValue('name', writtenName(next))}
      />
      <TextInput {...field('key')} label={t('team.skillKey')} description={t('team.skillKeyHint')} required />
      <OnlineButton type="submit" variant="default" loading={isBusy}>
        {t('team.addSkill')}
      </OnlineButton>
    </Form>
  )
}
