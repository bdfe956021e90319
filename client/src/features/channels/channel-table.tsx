import { Button } from '@mantine/core'
import type { Channel } from '@stagewatch/shared/contract/channels.ts'
import { useState } from 'react'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { useDeleteChannel } from './api.ts'
import { ChannelForm } from './channel-form.tsx'
import { ChannelTest } from './channel-test.tsx'
import styles from './channels.module.css'

interface ChannelTableProps {
  readonly channels: readonly Channel[]
  /** Epoch ms. */
  readonly asOf: number
}

/** All channels with their health; each can be edited or tested inline. */
export function ChannelTable({ channels, asOf }: ChannelTableProps) {
  const { t, language } = useText()
  const [open, setOpen] = useState<{ readonly id: string; readonly what: 'edit' | 'test' }>()
  const remove = useDeleteChannel()
  const close = () => setOpen(undefined)
  return (
    <DataTable
      title={t('nav.channels')}
      rows={channels}
      rowKey={({ id }) => id}
      isPast={({ enabled }) => !enabled}
      renderEditor={(channel) => {
        if (open?.id !== channel.id) return undefined
        if (open.what === 'test') return <ChannelTest channel={channel} onDone={close} />
        return <ChannelForm saved={channel} asOf={asOf} onDone={close} />
      }}
      columns={[
        {
          title: t('field.name'),
          kind: 'name',
          renderCell: ({ name, kind }) => (
            <>
              <strong className={layout['break']}>{name}</strong>
              <div className={layout['meta']}>{t(`channels.kind.${kind}`)}</div>
            </>
          ),
        },
        {
          title: t('channels.health'),
          renderCell: ({ enabled, failingSince, triedAt, blockedUntil }) => {
            if (!enabled) return <span className={layout['quiet']}>{t('channels.off')}</span>
            if (blockedUntil !== undefined && blockedUntil > asOf) {
              return t('channels.blocked', { time: instantText(blockedUntil, asOf, language) })
            }
            if (triedAt === undefined) return t('channels.untried')
            if (failingSince === undefined) return t('channels.working')
            return (
              <span className={styles['failed']}>
                {t('channels.failing', { time: instantText(failingSince, asOf, language) })}
              </span>
            )
          },
        },
        { title: t('channels.waiting'), renderCell: ({ waitingCount }) => formatCount(waitingCount, language) },
        {
          title: t('channels.secrets'),
          renderCell: ({ secrets }) => <span className={layout['meta']}>{Object.values(secrets).join(' · ')}</span>,
        },
        {
          title: t('desk.actions'),
          kind: 'actions',
          renderCell: ({ id, name }) => (
            <>
              <Button
                variant="default"
                aria-label={`${t('channels.test')}: ${name}`}
                onClick={() => setOpen({ id, what: 'test' })}
              >
                {t('channels.test')}
              </Button>
              <Button
                variant="default"
                aria-label={`${t('desk.edit')}: ${name}`}
                onClick={() => setOpen({ id, what: 'edit' })}
              >
                {t('desk.edit')}
              </Button>
              <ConfirmButton
                label={t('channels.delete')}
                about={name}
                question={t('channels.deleteQuestion', { name })}
                busy={remove.isPending && remove.variables === id}
                onConfirm={() => remove.mutate(id)}
              />
            </>
          ),
        },
      ]}
    >
      <ErrorAlert error={remove.error} />
    </DataTable>
  )
}
