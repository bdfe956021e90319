import { Button } from '@mantine/core'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { useText } from '../../text/use-text.ts'
import { useMe } from '../shell/me-context.ts'
import { ScreenActions } from './screen-actions.tsx'
import { ScreenFacts } from './screen-facts.tsx'
import { ScreenState } from './screen-state.tsx'

interface ScreenCardProps {
  readonly screen: Screen
  /** What a screen should be running. */
  readonly build: string
  /** Epoch ms. */
  readonly asOf: number
  readonly isEdited: boolean
  readonly onEdit: () => void
}

export function ScreenCard({ screen, build, asOf, isEdited, onEdit }: ScreenCardProps) {
  const { t } = useText()
  const { actions } = useMe()
  const { name, settings } = screen
  const shows = [
    settings.board === 'overview' ? undefined : settings.board,
    settings.departments?.join(t('desk.listComma')) ?? t('desk.departments.all'),
    settings.scenes.map((scene) => t(`desk.screen.scene.${scene}`)).join(' → '),
    t(`desk.density.${settings.density}`),
  ].filter((part) => part !== undefined)
  return (
    <article className="screen">
      <div className="screen__head">
        <h2 className="screen__name">{name}</h2>
        <ScreenState screen={screen} asOf={asOf} />
        <p className="meta screen__shows">{shows.join(' · ')}</p>
      </div>
      <ScreenFacts screen={screen} build={build} asOf={asOf} />
      {actions.includes('screens.manage') && (
        <div className="row">
          <Button variant="default" aria-expanded={isEdited} aria-label={`${t('desk.edit')}: ${name}`} onClick={onEdit}>
            {t('desk.edit')}
          </Button>
          <ScreenActions screen={screen} />
        </div>
      )}
    </article>
  )
}
