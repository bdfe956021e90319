import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { useText } from '../../text/use-text.ts'
import { revokeScreen } from '../api/revoke-screen.ts'
import { tellScreen } from '../api/tell-screen.ts'
import { ActButton } from '../parts/act-button.tsx'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useMe } from '../shell/me-context.ts'

export function ScreenActions({ screen }: { readonly screen: Screen }) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const { id, name, online } = screen
  const tell = useMutation({ mutationFn: (what: 'identify' | 'reload') => tellScreen(site, id, what) })
  const revoke = useMutation({
    mutationFn: () => revokeScreen(site, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['screens', site] }),
  })
  return (
    <>
      {(['identify', 'reload'] as const).map((what) => (
        <ActButton
          key={what}
          variant="default"
          aria-label={`${t(`desk.screen.${what}`)}: ${name}`}
          disabled={!online}
          loading={tell.isPending && tell.variables === what}
          onClick={() => tell.mutate(what)}
        >
          {t(`desk.screen.${what}`)}
        </ActButton>
      ))}
      <ConfirmButton
        label={t('desk.screen.revoke')}
        about={name}
        question={t('desk.screen.revokeQuestion', { name })}
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
      <ProblemNote error={tell.error ?? revoke.error} />
    </>
  )
}
