import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { Button, Pill, Select, TagsInput } from '@mantine/core'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import { listFilters, type ListFilter, type OrdersSearch } from './orders-search.ts'
import styles from './orders.module.css'
import type { ShownOrder } from './shown-orders.ts'
import { useStageNames } from './use-stage-names.ts'

interface FilterProps {
  readonly search: OrdersSearch
  /** Rows whose values are offered as filters. */
  readonly seen: readonly ShownOrder[]
  readonly onChange: (changed: Partial<OrdersSearch>) => void
}

/** The available stages: those of the site, of the displayed rows, and of the current filter. */
function useOfferedStages(seen: readonly ShownOrder[], asked: string | undefined): ReadonlyMap<string, string> {
  const { nameOf } = useText()
  const names = useStageNames()
  for (const { order } of seen) {
    if (order.stage !== undefined && order.stageName !== undefined) names.set(order.stage, nameOf(order.stageName))
  }
  if (asked !== undefined && !names.has(asked)) names.set(asked, asked)
  return names
}

/** Every change takes effect at once. */
export function FilterFields({ search, seen, onChange }: FilterProps) {
  const { t } = useText()
  const { privacy } = useMe()
  const stages = useOfferedStages(seen, search.stage)
  return (
    <>
      <Select
        label={t('orders.column.stage')}
        placeholder={t('orders.filter.anyStage')}
        data={[...stages].map(([value, label]) => ({ value, label }))}
        value={search.stage ?? null}
        onChange={(stage) => onChange({ stage: stage ?? undefined })}
        comboboxProps={{ withinPortal: false }}
        clearButtonProps={{ 'aria-label': t('orders.filter.clear', { name: t('orders.column.stage') }) }}
        clearable
      />
      {listFilters
        .filter((name) => privacy.customers === 'shown' || !customerDimensions.includes(name))
        .map((name) => (
          <TagsInput
            key={name}
            label={t(`orders.filter.${name}`)}
            placeholder={t('orders.filter.hint')}
            value={search[name] ?? []}
            data={valuesOf(seen, name)}
            onChange={(values) => onChange({ [name]: values.length === 0 ? undefined : values })}
            comboboxProps={{ withinPortal: false }}
            clearButtonProps={{ 'aria-label': t('orders.filter.clear', { name: t(`orders.filter.${name}`) }) }}
            acceptValueOnBlur
          />
        ))}
    </>
  )
}

function valuesOf(seen: readonly ShownOrder[], name: ListFilter): string[] {
  const values = seen.flatMap(({ order }: { readonly order: OrderSummary }) => order[name] ?? [])
  return [...new Set(values)].toSorted()
}

/** The active filters, each with a button that removes it. */
export function FilterPills({ search, seen, onChange, onClear }: FilterProps & { readonly onClear: () => void }) {
  const { t } = useText()
  const stages = useOfferedStages(seen, search.stage)
  const lists = listFilters.flatMap((name) =>
    (search[name] ?? []).map((value) => {
      const rest = (search[name] ?? []).filter((each) => each !== value)
      return {
        key: `${name} ${value}`,
        label: t('labelled', {
          label: t(`orders.filter.${name}`),
          value: value === '' ? t('orders.filter.noName') : value,
        }),
        without: { [name]: rest.length === 0 ? undefined : rest },
      }
    }),
  )
  const { stage } = search
  const pills = [
    ...(stage === undefined
      ? []
      : [
          {
            key: 'stage',
            label: t('labelled', { label: t('orders.column.stage'), value: stages.get(stage) ?? stage }),
            without: { stage: undefined },
          },
        ]),
    ...lists,
  ]
  if (pills.length === 0) return null
  return (
    <div className={styles['pills']}>
      {pills.map(({ key, label, without }) => (
        <Pill
          key={key}
          withRemoveButton
          removeButtonProps={{
            'aria-label': t('orders.filter.remove', { name: label }),
            'aria-hidden': false,
            tabIndex: 0,
          }}
          onRemove={() => onChange(without)}
        >
          {label}
        </Pill>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={onClear}>
        {t('orders.clearFilters')}
      </Button>
    </div>
  )
}
