"""What decks of other languages call their columns, each word with one meaning, as English aliases have.

They are Spanish, French, German, Portuguese, Italian, Russian, Turkish and Chinese. Words stand here as
`header_keys.normalise` leaves them: without accents, joined by ``_``.
"""

from __future__ import annotations

from dialnexa_routing.sheets.aliases import ALIASES, INCREMENTS

_WORDS = {
    "prefix": "prefijo prefijos codigo codigos codigo_destino codigo_de_destino codigo_de_marcacion"
    " indicativo prefixe prefixes indicatif indicatifs vorwahl vorwahlen prafix praefix kennzahl"
    " rufnummernprafix prefixo prefixos codigo_do_destino prefisso prefissi codice codici codice_destinazione"
    " код коды префикс префиксы код_направления код_назначения телефонный_код"
    " kod kodu kodlar on_ek onek arama_kodu 前缀 号码前缀 字冠 代码 区号 目的地代码",
    "calling_code": "codigo_pais codigo_de_pais codigo_do_pais code_pays indicatif_pays landesvorwahl"
    " landervorwahl laendervorwahl codice_paese prefisso_paese prefisso_internazionale код_страны ulke_kodu"
    " 国家代码 国家码 国家区号",
    "area_code": "codigo_area codigo_de_area indicatif_regional ortsvorwahl ortskennzahl codice_area"
    " код_города код_зоны alan_kodu 城市代码",
    "network_group": "destino destinos nombre_destino red operador operadora descripcion"
    " reseau operateur libelle designation ziel zielnetz netz zielname bezeichnung netzbetreiber beschreibung"
    " rede descricao destinazione destinazioni rete operatore gestore descrizione"
    " направление направления назначение оператор сеть описание наименование название"
    " hedef varis sebeke aciklama destinasyon 目的地 运营商 网络 方向 描述 名称",
    "country": "pais pays land paese nazione страна ulke 国家",
    "outbound_rate": "tarifa tarifas precio precios precio_minuto precio_por_minuto precio_min tarifa_minuto"
    " tarifa_por_minuto coste costo coste_minuto coste_por_minuto costo_por_minuto prix tarif tarifs"
    " prix_minute prix_par_minute prix_la_minute prix_min tarif_minute tarif_par_minute tarif_min cout"
    " cout_minute cout_par_minute preis preise tarife preis_pro_minute preis_minute preis_min minutenpreis"
    " kosten kosten_pro_minute tarif_pro_minute preco precos preco_por_minuto preco_minuto preco_min custo"
    " custo_por_minuto valor_por_minuto valor_minuto prezzo prezzi prezzo_al_minuto prezzo_minuto prezzo_min"
    " tariffa tariffe tariffa_al_minuto tariffa_minuto costo_al_minuto"
    " цена цены тариф тарифы цена_за_минуту цена_минуты цена_мин цена_за_мин тариф_за_минуту стоимость"
    " стоимость_минуты ставка ucret fiyat dakika_ucreti dakika_fiyati birim_fiyat"
    " 费率 价格 单价 资费 每分钟价格 每分钟费率 分钟费率",
    "connect_fee": "cargo_por_conexion cargo_de_conexion tarifa_de_conexion coste_de_conexion"
    " cargo_de_establecimiento establecimiento_de_llamada frais_de_connexion frais_d_etablissement"
    " frais_de_mise_en_relation cout_de_connexion verbindungsgebuhr verbindungsgebuehr verbindungspreis"
    " taxa_de_conexao tarifa_de_conexao scatto_alla_risposta quota_alla_risposta costo_di_connessione"
    " плата_за_соединение стоимость_соединения baglanti_ucreti 接通费 连接费",
    "currency": "moneda divisa devise monnaie wahrung waehrung moeda valuta валюта para_birimi doviz"
    " 货币 币种 cur curr currencies",
    "valid_from": "fecha_inicio fecha_de_inicio fecha_efectiva fecha_de_efecto vigente_desde vigencia_desde"
    " valido_desde date_d_effet date_effet date_de_debut"
    " date_debut valable_a_partir_du a_partir_du en_vigueur_le"
    " date_d_entree_en_vigueur gultig_ab gueltig_ab gultig_von gueltig_von wirksam_ab startdatum"
    " data_de_inicio data_inicio data_efetiva valido_a_partir_de inicio_da_vigencia data_inizio"
    " data_di_inizio data_decorrenza decorrenza valido_dal data_effettiva in_vigore_dal"
    " дата_начала дата_начала_действия действует_с дата_вступления_в_силу начало_действия"
    " baslangic_tarihi gecerlilik_tarihi yururluk_tarihi 生效日期 生效时间 开始日期",
    "valid_to": "fecha_fin fecha_de_fin fecha_final fecha_de_vencimiento fecha_vencimiento valido_hasta"
    " vigente_hasta vigencia_hasta date_fin date_de_fin valable_jusqu_au date_d_expiration gultig_bis"
    " gueltig_bis enddatum"
    " data_fim data_de_fim data_de_termino valido_ate data_fine data_di_fine valido_fino_al data_scadenza"
    " дата_окончания дата_окончания_действия действует_до действует_по bitis_tarihi"
    " 失效日期 结束日期 到期日期",
    INCREMENTS: "incremento incrementos incremento_de_facturacion facturacion palier facturation"
    " increment_de_facturation cadence_de_facturation taktung abrechnungstakt abrechnung fatturazione"
    " incremento_de_cobranca тарификация шаг_тарификации единица_тарификации дискретность faturalama"
    " faturalandirma 计费单位 计费增量 计费周期",
    "initial_increment_s": "incremento_inicial primer_incremento increment_initial palier_initial"
    " incremento_iniziale начальный_интервал первый_интервал 初始增量",
    "next_increment_s": "incremento_siguiente segundo_incremento increment_suivant palier_suivant"
    " incremento_seguinte incremento_successivo следующий_интервал 后续增量",
    "status": "estado statut etat stato статус durum 状态 anderung aenderung",
}
FOREIGN = {word: name for name, words in _WORDS.items() for word in words.split() if word not in ALIASES}
"""Compared header -> canonical name, beside `aliases.ALIASES`, which go first."""
