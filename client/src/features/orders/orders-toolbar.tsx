import { Button, Checkbox, CloseButton, Menu, NativeSelect, Popover, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { orderSorts, type OrderSort } from '@stagewatch/shared/contract/orders.ts'
import { Columns3, Download, ListFilter, Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { useMe } from '../../api/session.ts'
import { SavedViews } from '../../components/saved-views.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import { exportAddress } from './api.ts'
import { columnIds, type ColumnId } from './order-columns.tsx'
import { FilterFields, FilterPills } from './order-filters.tsx'
import { sortOf, type OrdersSearch } from './orders-search.ts'
import styles from './orders.module.css'
import type { ShownOrder } from './shown-orders.ts'

const iconSize = 16
const searchAfterMs = 300
/** The server's limit. */
const maxSearchLength = 100

interface OrdersToolbarProps {
  readonly search: OrdersSearch
  readonly question: string
  /** Rows whose values are offered as filters. */
  readonly seen: readonly ShownOrder[]
  readonly columns: readonly ColumnId[]
  /** Chosen columns that do not fit into the window. */
  readonly tooNarrowFor: readonly ColumnId[]
  readonly onChange: (changed: Partial<OrdersSearch>, replace?: boolean) => void
  readonly onClear: () => void
  /** Applies the search parameters of a saved view. */
  readonly onOpenView: (search: string) => void
  readonly onColumns: (columns: readonly ColumnId[]) => void
}

/** Search, filters, sort, columns and export of the list. */
export function OrdersToolbar(props: OrdersToolbarProps) {
  const { search, question, seen, columns, tooNarrowFor, onChange, onClear, onOpenView, onColumns } = props
  const { t, language } = useText()
  const { site } = useMe()
  const sortText = (sort: OrderSort): string => {
    const column = orderSorts.find((each) => sort === each || sort === `-${each}`) ?? 'match'
    const text = t(`orders.sort.${column}`)
    return sort === column ? text : t('orders.sort.reversed', { sort: text })
  }
  return (
    <>
      <div className={styles['toolbar']}>
        <SearchField q={search.q} onChange={(q) => onChange({ q }, search.q !== undefined)} />
        <Popover position="bottom-start" withinPortal={false} trapFocus>
          <Popover.Target>
            <Button variant="default" leftSection={<ListFilter size={iconSize} aria-hidden />}>
              {t('orders.filter.title')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown className={styles['filters']} aria-label={t('orders.filter.title')}>
            <FilterFields search={search} seen={seen} onChange={onChange} />
          </Popover.Dropdown>
        </Popover>
        <NativeSelect
          aria-label={t('orders.sort.label')}
          value={sortOf(search)}
          data={[
            ...new Set<OrderSort>([
              ...(search.q === undefined ? [] : ['match' as const]),
              ...orderSorts,
              sortOf(search),
            ]),
          ].map((value) => ({
            value,
            label: sortText(value),
          }))}
          onChange={({ currentTarget: { value } }) => onChange({ sort: value as OrderSort })}
        />
        <span className={styles['space']} />
        <SavedViews page="orders" search={question} onOpen={onOpenView} />
        <Popover
          position="bottom-end"
          middlewares={{ shift: true, flip: true, size: true }}
          withinPortal={false}
          trapFocus
        >
          <Popover.Target>
            <Button variant="default" leftSection={<Columns3 size={iconSize} aria-hidden />}>
              {t('orders.columns')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown className={styles['columns']} aria-label={t('orders.columns')} data-scrolls>
            {columnIds
              .filter((id) => id !== 'order')
              .map((id) => (
                <Checkbox
                  key={id}
                  size="sm"
                  label={t(`orders.column.${id}`)}
                  description={tooNarrowFor.includes(id) ? t('orders.columnNarrow') : undefined}
                  checked={columns.includes(id)}
                  onChange={({ currentTarget: { checked } }) =>
                    onColumns(columnIds.filter((each) => (each === id ? checked : columns.includes(each))))
                  }
                />
              ))}
          </Popover.Dropdown>
        </Popover>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<Download size={iconSize} aria-hidden />}>
              {t('orders.export')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['xlsx', 'csv'] as const).map((kind) => (
              <Menu.Item key={kind} component="a" href={exportAddress(kind, site, question, language)} download>
                {t(`orders.file.${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <FilterPills search={search} seen={seen} onChange={onChange} onClear={onClear} />
    </>
  )
}

interface SearchFieldProps {
  readonly q: string | undefined
  readonly onChange: (q: string | undefined) => void
}

/** Searches when the user pauses typing; `/` focuses the field from anywhere on the page. */
function SearchField({ q = '', onChange }: SearchFieldProps) {
  const { t } = useText()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(q)
  const [askedBefore, setAskedBefore] = useState(q)
  const ask = useDebouncedCallback((asked: string) => onChange(asked === '' ? undefined : asked), searchAfterMs)
  // Back and forward change the URL and update the field, but text that is being typed is kept.
  if (q !== askedBefore) {
    setAskedBefore(q)
    if (q !== text.trim()) setText(q)
  }
  useShortcuts([{ keys: '/', text: t('orders.shortcut.search'), run: () => field.current?.focus() }])
  const change = (changed: string): void => {
    setText(changed)
    ask(changed.trim())
  }
  return (
    <TextInput
      ref={field}
      type="search"
      className={styles['search']}
      aria-label={t('orders.search')}
      placeholder={t('orders.search')}
      maxLength={maxSearchLength}
      value={text}
      leftSection={<Search size={iconSize} aria-hidden />}
      rightSection={
        text === '' ? (
          <ShortcutHint keys="/" className={styles['slash']} />
        ) : (
          <CloseButton size="sm" aria-label={t('orders.clearSearch')} onClick={() => change('')} />
        )
      }
      onChange={({ currentTarget: { value } }) => change(value)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Escape') currentTarget.blur()
      }}
    />
  )
}
