"""Words on whether a row is sold, in English and in the languages whose headers are known.

Each has one meaning wherever it stands. Words stand here as `folding.folded` leaves them; CLDR has none of
them, so they are kept by hand.
"""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a text, each an item."""
    return frozenset(words.split())


def phrases(text: str) -> frozenset[str]:
    """The parts of a text between bars, each an item of one or more words."""
    return frozenset(part for part in text.split("|") if part)


CLOSED = (
    listed(
        "close closed delete deleted deletion remove removed removal withdraw withdrawn"
        " discontinue discontinued terminated cancelled canceled expired ended retired obsolete"
        " decommissioned dead"
    )
    | phrases(
        "code removal|code removed|code deletion|code deleted|code closed|removed code"
        "|end of sale|end of life"
    )
    | listed(
        # Spanish, Portuguese, Italian
        "cerrado cerrada eliminado eliminada retirado retirada borrado borrada vencido vencida caducado"
        " caducada"
        " cancelado cancelada encerrado encerrada excluido excluida removido removida expirado expirada"
        " chiuso chiusa eliminato eliminata rimosso rimossa scaduto scaduta cessato cessata ritirato ritirata"
        # French, German, Dutch
        " ferme fermee supprime supprimee retire retiree expire expiree resilie resiliee"
        " geschlossen geloscht entfernt gekundigt abgelaufen entfallen beendet verwijderd gesloten vervallen"
        # Russian, Turkish, Polish, Chinese
        " закрыт закрыто закрыта удален удалено удалена отменен отменено kapali silindi kaldirildi iptal"
        " zamkniety usuniety wycofany 关闭 已关闭 删除 已删除 取消 终止 失效"
    )
)
BLOCKED = (
    listed(
        "block blocked bar barred suspend suspended forbidden rejected reject inactive disabled"
        " disable off deactivated unavailable denied stopped locked down banned prohibited"
        " restricted"
    )
    | phrases(
        "not available|not active|not offered|not sold|out of service|not in service|on hold"
        "|all lock|all locked|no disponible|hors service|non disponible|nicht verfugbar"
        "|ausser betrieb|fora de servico|fuori servizio|nao disponivel|не активен|не доступен"
    )
    | listed(
        "bloqueado bloqueada suspendido suspendida inactivo inactiva desactivado desactivada"
        " deshabilitado inhabilitado prohibido inativo inativa desativado desativada suspenso"
        " suspensa indisponivel proibido bloccato bloccata sospeso sospesa inattivo inattiva"
        " disattivato disabilitato vietato bloque bloquee suspendu suspendue inactif inactive"
        " desactive desactivee interdit indisponible gesperrt blockiert ausgesetzt inaktiv"
        " deaktiviert deaktiv geblokkeerd inactief opgeschort заблокирован заблокировано"
        " заблокирована блокирован неактивен неактивно отключен отключено запрещен приостановлен"
        " engelli engellendi pasif askida zablokowany nieaktywny zawieszony"
        " 禁用 已禁用 停用 停止 封锁 屏蔽 暂停 不可用"
    )
)
IN_FORCE = (
    listed(
        "increase increased decrease decreased new unchanged current active open same change"
        " changed added add addition amended amendment modified update updated existing available"
        " enabled enable pending on ok live valid sold allowed normal up + nc n/c unlocked"
    )
    | phrases(
        "no change|rate increase|rate decrease|code addition|code added|new code|new rate"
        "|rate change|in force|in service|no lock|not locked|sin cambio|sin cambios|sem alteracao"
        "|sans changement|keine anderung|nessuna variazione|без изменений|degisiklik yok"
        "|bez zmian"
    )
    | listed(
        "activo activa habilitado habilitada disponible vigente nuevo nueva aumento incremento"
        " disminucion reduccion bajada subida igual ativo ativa disponivel novo nova reducao"
        " diminuicao attivo attiva disponibile nuovo nuova diminuzione invariato abilitato actif"
        " active nouveau nouvelle hausse augmentation baisse diminution inchange inchangee valide"
        " aktiv aktiviert freigegeben neu erhoht erhohung gesenkt senkung unverandert gultig"
        " verfugbar actief nieuw ongewijzigd активен активно активна включен включено новый новое"
        " повышение снижение доступен действует aktif yeni artis azalis degismedi acik aktywny"
        " nowy 启用 已启用 正常 有效 可用 新增 上涨 下降 不变 激活 开通"
    )
)
YES = listed("true yes 1 t y si oui ja sim да evet tak 是")
NO = listed("false no 0 f n non nein nao нет hayir nie 否")
"""Words of a flag; "non" and "ja" state the same wherever they are known."""
