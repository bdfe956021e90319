import { useMutation } from '@tanstack/react-query'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { useText } from '../../text/use-text.ts'
import { enterSample } from '../api/enter-sample.ts'
import { ActButton } from '../parts/act-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

interface SampleEntranceProps {
  readonly roles: readonly Role[]
  readonly onDone: () => void
}

/** The sample has no secrets: whoever looks at it chooses what to be there. */
export function SampleEntrance({ roles, onDone }: SampleEntranceProps) {
  const { t } = useText()
  const enter = useMutation({ mutationFn: enterSample, onSuccess: onDone })
  return (
    <section className="gate__part">
      <h2 className="card__title">
        {t('desk.sample.title')} <span className="badge badge--sample">{t('sample')}</span>
      </h2>
      <p className="meta">{t('desk.sample.text')}</p>
      <ul className="entrances">
        {roles.map((role) => (
          <li key={role} className="entrance">
            <div>
              <strong>{t(`desk.role.${role}`)}</strong>
              <p className="meta">{t(`desk.roleText.${role}`)}</p>
            </div>
            <ActButton
              variant="default"
              loading={enter.isPending && enter.variables === role}
              aria-label={t('desk.sample.enterAs', { role: t(`desk.role.${role}`) })}
              onClick={() => enter.mutate(role)}
            >
              {t('desk.sample.enter')}
            </ActButton>
          </li>
        ))}
      </ul>
      <ProblemNote error={enter.error} />
    </section>
  )
}
