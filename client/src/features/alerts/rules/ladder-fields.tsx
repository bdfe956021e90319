import { ActionIcon, Button, MultiSelect } from '@mantine/core'
import type { AlertRecipient, LadderStep } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useText } from '../../../locales/use-text.ts'
import type { FieldError } from './condition-fields.tsx'
import { DurationInput } from './duration-input.tsx'
import styles from './rules.module.css'
import { useRuleText } from './use-rule-text.ts'

const hourMs = 3_600_000
const iconSize = 15
const maxSteps = 5
const maxRecipients = 20

interface LadderFieldsProps {
  readonly ladder: readonly LadderStep[]
  readonly errorOf: FieldError
  readonly onChange: (ladder: LadderStep[]) => void
}

/** The escalation steps: who is notified first, and who next as long as nobody has acknowledged the alert. */
export function LadderFields({ ladder, errorOf, onChange }: LadderFieldsProps) {
  const { t } = useText()
  const change = (at: number, part: Partial<LadderStep>): void =>
    onChange(ladder.map((step, i) => (i === at ? { ...step, ...part } : step)))
  /** Swaps two steps but not their delays, because delays have to increase from step to step. */
  const swap = (at: number, to: number): void => {
    const [one, other] = [ladder[at], ladder[to]]
    if (one === undefined || other === undefined) return
    onChange(
      ladder.map((step, i) => (i === at ? { ...step, to: other.to } : i === to ? { ...step, to: one.to } : step)),
    )
  }
  const last = ladder.at(-1)?.afterMs
  return (
    <>
      <ol className={styles['steps']}>
        {ladder.map((step, at) => {
          const name = t('alerts.step', { count: at + 1 })
          return (
            // A step has no id; its index identifies it.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={at} className={styles['step']}>
              <Recipients
                label={t('alerts.about', { action: t('alerts.field.to'), about: name })}
                value={step.to}
                error={errorOf(`ladder.${at}.to`)}
                onChange={(to) => change(at, { to })}
              />
              <div className={styles['after']}>
                <span>{t('alerts.pick.after')}</span>
                <DurationInput
                  label={t('alerts.about', { action: t('alerts.field.stepAfter'), about: name })}
                  value={step.afterMs}
                  clock="working"
                  error={
                    errorOf(`ladder.${at}.afterMs`) ??
                    (at === ladder.length - 1 && errorOf('ladder') !== undefined ? t('alerts.ladderWrong') : undefined)
                  }
                  onChange={(afterMs) => change(at, { afterMs })}
                />
                <span className={styles['tools']}>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('alerts.stepUp', { step: name })}
                    disabled={at === 0}
                    onClick={() => swap(at, at - 1)}
                  >
                    <ArrowUp size={iconSize} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('alerts.stepDown', { step: name })}
                    disabled={at === ladder.length - 1}
                    onClick={() => swap(at, at + 1)}
                  >
                    <ArrowDown size={iconSize} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('alerts.stepRemove', { step: name })}
                    disabled={ladder.length === 1}
                    onClick={() => onChange(ladder.filter((_, i) => i !== at))}
                  >
                    <Trash2 size={iconSize} aria-hidden />
                  </ActionIcon>
                </span>
              </div>
            </li>
          )
        })}
      </ol>
      {ladder.length < maxSteps && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Plus size={iconSize} aria-hidden />}
          onClick={() => onChange([...ladder, { afterMs: (last ?? 0) + hourMs, to: [{ kind: 'managers' }] }])}
        >
          {t('alerts.addStep')}
        </Button>
      )}
    </>
  )
}

const usual = ['owner', 'onDuty', 'leads', 'managers'] as const

interface RecipientsProps {
  readonly label: string
  readonly value: LadderStep['to']
  readonly error: string | undefined
  readonly onChange: (to: AlertRecipient[]) => void
}

function Recipients({ label, value, error, onChange }: RecipientsProps) {
  const { t } = useText()
  const { people, channels, departmentKeys, recipientText } = useRuleText()
  const offered: readonly AlertRecipient[] = [
    ...usual.map((kind) => ({ kind })),
    ...departmentKeys.map((id) => ({ kind: 'department' as const, id })),
    ...people.filter(({ disabledAt }) => disabledAt === undefined).map(({ id }) => ({ kind: 'person' as const, id })),
    ...channels.map(({ id }) => ({ kind: 'channel' as const, id })),
  ]
  const offeredKeys = new Set(offered.map(keyOf))
  // A person, channel or department that no longer exists stays in the list until it is deselected.
  const all = [...offered, ...value.filter((recipient) => !offeredKeys.has(keyOf(recipient)))]
  return (
    <MultiSelect
      aria-label={label}
      placeholder={value.length === 0 ? t('alerts.field.to') : undefined}
      value={value.map(keyOf)}
      data={all.map((recipient) => ({ value: keyOf(recipient), label: recipientText(recipient) }))}
      maxValues={maxRecipients}
      searchable
      error={error}
      onChange={(keys) => onChange(all.filter((recipient) => keys.includes(keyOf(recipient))))}
    />
  )
}

function keyOf(recipient: AlertRecipient): string {
  return 'id' in recipient ? `${recipient.kind} ${recipient.id}` : recipient.kind
}
