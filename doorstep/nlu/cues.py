"""The words that tell what a number is, by class and language: "Bestellnr.", "código de rastreio", "ул.", "块钱".

`doorstep.nlu.tagging` puts one sign in the place of each of these words, and the patterns are written in the signs, so
that a language is a column of words here and nowhere a pattern of its own. Words are in small letters; accents may be
left out by the buyer, and are written here only where they make another word of it. `*` stands for any ending. A word
of several meanings stands where it does the least harm.
"""

from __future__ import annotations

_FIRST = 0xE000  # the signs are characters of Unicode's private use, which `folding` takes out of what buyers write
(
    ORDER, ORDER_NUMBER, NUMBER, REF, SIGN, NO, TRACK, PARCEL, CARRIER, OTHER_NUMBER, OTHER, MODEL, PHONE, CALL,
    POSTCODE, CARD, ENDING, MONTH, SHORT_MONTH, ORDINAL, DATED, CURRENCY, MONEY, TOTAL, PAID, UNIT, ROAD, STREET,
    FLAT, LINK, MINE, IS, WAS, AND,
    WORD, NAME, SHOUT,  # other words: small, Capitalised, ALL CAPITALS
    TAKEN,  # in the place of what was known by itself: an address, a parcel's number
) = map(chr, range(_FIRST, _FIRST + 38))  # fmt: skip
ANY_SIGN = f"{ORDER}-{TAKEN}"  # for use inside [...]

HAN = "぀-ヿ㐀-䶿一-鿿가-힣"  # scripts without spaces around words, and Korean with its endings

WORDS: dict[str, dict[str, str]] = {
    ORDER: {
        "en": "order orders ord purchase purchases ordr",
        "es": "pedido pedidos orden ordenes compra compras",
        "pt": "encomenda encomendas ordem",
        "fr": "commande commandes cde cmd cmde achat achats",
        "de": "bestellung bestellungen bestell auftrag auftrags kauf kaufs",
        "ru": "заказ заказа заказу заказе заказом заказы заказов заказам заказах заказик",
        "others": "ordine ordini bestelling bestellingen zamowienie zamowienia siparis",
    },
    ORDER_NUMBER: {
        "en": "ordernumber ordernumbers orderno ordernr orderid ordernum",
        "de": "bestellnr bestellnummer bestellnummern bestellid bestellcode ordernummer auftragsnr auftragsnummer",
        "others": "bestelnummer ordrenummer",
    },
    NUMBER: {
        "en": "number numbers numbr numbre numer nummber num nbr id ids code codes",
        "es": "numero numeros cod codigo codigos",
        "fr": "identifiant",
        "de": "nummer nummern kennung",
        "ru": "номер номера номером номеру номере номеров ном код кода кодом айди",
    },
    REF: {
        "fr": "réf référence réfs",
        "en": "ref refs reference",
        "es": "referencia",
        "de": "referenz",
    },
    SIGN: {"all": "nr nro nrs nº n°"},
    NO: {"all": "no nos"},
    TRACK: {
        "en": "tracking trackings trackingnumber trackingno trackingid trackingcode waybill awb consignment",
        "es": "seguimiento rastreo localizador guia guias",
        "pt": "rastreio rastreamento rastreador rastreios",
        "fr": "suivi bordereau",
        "de": "sendungsnr sendungsnummer sendungsnummern sendungsverfolgung sendungsverfolgungsnummer sendungscode "
        "sendungsid paketnummer paketnr trackingnummer trackingnr frachtbriefnummer verfolgungsnummer",
        "ru": "трек* отслеживан* накладн* ттн рпо шпи",
    },
    PARCEL: {
        "en": "parcel parcels package packages packet shipment shipments shipping delivery track",
        "es": "paquete paquetes envio envios bulto",
        "pt": "pacote pacotes objeto objetos remessa entrega",
        "fr": "colis paquet paquets envoi envois expedition livraison",
        "de": "paket pakete pakets paeckchen sendung sendungen sendungs lieferung",
        "ru": "посылк* посылоч* отправлени* бандерол* доставк*",
    },
    CARRIER: {
        "all": "ups dhl usps fedex dpd gls hermes evri yodel tnt ems yunexpress yanwen 4px cainiao sf sfexpress jt "
        "yto zto sto ontrac lasership purolator express inpost gofo landmark",
        "es": "correos seur mrw nacex correosexpress",
        "pt": "correios jadlog loggi ctt",
        "fr": "colissimo chronopost mondialrelay relay",
        "ru": "сдэк cdek boxberry боксберри",
    },
    OTHER_NUMBER: {  # the very word means a number
        "all": "sku skus asin ean upc gtin isbn imei iban bic swift cpf cnpj dni nie nif cif vat ssn siret siren "
        "ustid barcode",
        "es": "protocolo",
        "pt": "protocolos",
        "de": "artnr seriennr",
        "ru": "артикул* арт инн снилс кпп огрн штрихкод*",
    },
    OTHER: {
        "en": "item items model article articles art product serial ticket tickets case complaint claim protocol "
        "account customer client coupon coupons promo voucher discount pin otp version invoice invoices rma "
        "transaction transactions txn passport verification licence size firmware member membership loyalty bank",
        "es": "articulo articulos producto productos modelo serie cuenta cliente cupon cupones descuento factura "
        "facturas transaccion pasaporte nit rfc curp reclamacion reclamo incidencia verificacion barras expediente",
        "pt": "artigo artigos produto produtos chamado reclamacao conta agencia cupom cupons desconto fatura boleto "
        "fiscal nf nfe danfe transacao passaporte rg verificacao itens",
        "fr": "produit produits modele compte facture factures passeport tva reclamation dossier fidelite contrat rib",
        "de": "artikel artikels produkt produkte modell konto kunde kunden kundin rechnung rechnungen faktura "
        "gutschein gutscheins gutscheincode rabattcode retoure vorgang vorgangs ausweis reisepass pruefcode "
        "bestatigungscode reklamation",
        "ru": "товар* модел* серийн* счет счета паспорт* купон* промокод* обращени* заявк* тикет* претензи* жалоб* "
        "клиент* аккаунт* чек чека чеку квитанци* договор* протокол* подтвержден* транзакци* лицев*",
    },
    MODEL: {
        "all": "rtx gtx rx geforce radeon ryzen iphone ipad macbook galaxy redmi xiaomi huawei thinkpad playstation "
        "xbox windows android usb hdmi iso",
    },
    PHONE: {
        "en": "phone telephone tel tels mobile cell cellphone contact whatsapp whats viber telegram fax landline",
        "es": "telefono telefonos movil celular fono cel",
        "pt": "telefone telefones zap wpp fone contato",
        "fr": "portable fixe telephonique joignable",
        "de": "telefon telefonnr telefonnummer handy handynummer handynr mobil rufnummer festnetz erreichbar",
        "ru": "телефон* тел моб сот мобильн* вацап ватсап вотсап вайбер",
    },
    CALL: {
        "en": "call called calling calls ring rang text texted dial dialled dialed reach reached phoned",
        "es": "llam* marque marcar",
        "pt": "liga ligar ligue liguei ligam ligaram ligando ligo",
        "fr": "appel* rappel* joindre telephoner",
        "de": "anruf* rufen ruft rufe angerufen zuruckruf* ruckruf* erreiche erreichen anzurufen",
        "ru": "звон* позвон* перезвон* набрал* наберите дозвон*",
    },
    POSTCODE: {
        "en": "zip zipcode postcode postcodes postal post zips live living lives",
        "es": "cp vivo vive vivimos",
        "pt": "cep ceps moro mora",
        "fr": "habite habitons",
        "de": "plz postleitzahl postleitzahlen wohne wohnt wohnen",
        "ru": "индекс* почтов* живу живем",
    },
    CARD: {
        "en": "card cards visa mastercard amex maestro discover credit debit cvv",
        "es": "tarjeta tarjetas",
        "pt": "cartao cartoes",
        "fr": "carte cartes cb",
        "de": "karte karten kreditkarte kreditkarten kreditkartennummer kartennummer ec girokarte",
        "ru": "карта карты карте карту картой карточк* кредитк* мир",
    },
    ENDING: {
        "en": "ending ends end last digits finishing",
        "es": "terminada terminado terminan termina acaba acabada ultimos finaliza",
        "pt": "final finais finalizado finalizada",
        "fr": "terminant termine finissant finit derniers chiffres",
        "de": "endet endend endziffern endung letzten letzte ziffern",
        "ru": "заканчива* оканчива* последни* цифр* конец",
    },
    MONTH: {
        "en": "january february march april may june july august september october november december jan feb apr jun "
        "jul aug sep sept oct nov dec",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene "
        "abr dic",
        "pt": "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev dez",
        "fr": "janvier fevrier mars avril mai juin juillet août septembre octobre novembre decembre janv fevr avr "
        "juil déc",
        "de": "januar jaenner februar märz maerz juni juli oktober dezember mrz okt",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря январь февраль март "
        "апрель май июнь июль август сентябрь октябрь ноябрь декабрь янв февр фев апр авг сент сен окт ноя нояб дек",
    },
    SHORT_MONTH: {"all": "mar set out ago mär"},  # words of another meaning somewhere
    ORDINAL: {"all": "er ere ero го ого е й"},
    DATED: {
        "en": "on since from by date dated until till before after",
        "es": "desde hasta dia fecha",
        "pt": "em ate data no-dia",
        "fr": "depuis jusqu'au avant dès",
        "de": "am vom seit bis ab datum",
        "ru": "от с со до дата числа",
    },
    CURRENCY: {
        "all": "usd eur gbp cny rmb aud cad inr brl rub rur jpy pln chf nok dkk mxn clp uah kzt hkd twd krw sgd nzd "
        "czk huf rs",
    },
    MONEY: {
        "en": "euro euros dollar dollars pound pounds quid bucks yuan rupee rupees roubles rubles rouble ruble yen "
        "cents cent pence pesos zloty kronor kroner francs kr zł",
        "es": "dolar dolares libras libra soles centavos bolivares",
        "pt": "reais conto contos centavo",
        "fr": "centimes",
        "de": "pfund franken rappen kronen eurocent",
        "ru": "р руб рубля рублей рубль рубли рублях евро доллар доллара долларов доллары бакс* юань юаня юаней фунт* "
        "гривен грн тенге тг злотых сум",
    },
    TOTAL: {
        "en": "total amount sum subtotal",
        "es": "importe monto",
        "pt": "valor",
        "fr": "montant",
        "de": "betrag summe gesamtbetrag gesamt",
        "ru": "сумма сумму итого",
    },
    PAID: {
        "en": "paid pay pays cost costs costed charged charge price priced worth spent spend",
        "es": "pague pagué pago pagado cuesta costo costó cobraron cobrado precio valia",
        "pt": "paguei custa custou cobraram preco",
        "fr": "paye payé payer coute debite debité prix",
        "de": "bezahlt gezahlt zahle zahlen kostet kostete preis abgebucht",
        "ru": "заплатил* оплатил* стоит стоил* цена цену цены списал*",
    },
    UNIT: {
        "all": "mah ml cl dl l kg g mg lb lbs oz mm cm m km ft inch inches kb mb gb tb hz khz mhz ghz w kw wh kwh v "
        "kv dpi fps rpm lm lumen lumens db px mp bar psi pa nm x k h p d t kcal watt watts volt volts min mins s sec "
        "xl",
        "en": "day days week weeks month months year years yr yrs hour hours hrs hr minute minutes times time item-s "
        "pcs pc pieces piece pair pairs unit units people person persons miles mile points followers reviews review "
        "stars star views percent steps likes subscribers users letters",
        "es": "dias semana semanas meses año años hora horas minuto minutos vez veces unidad unidades uds ud piezas "
        "pares puntos persona personas opiniones reseñas grados",
        "pt": "ano anos vezes peças peça pontos pessoas avaliações parcelas litro litros",
        "fr": "jour jours semaine semaines mois an ans heure heures fois paires personnes avis litres",
        "de": "tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde stunden std minuten uhr mal "
        "stück stk paar punkte personen bewertungen",
        "ru": "день дня дней дн недел* месяц* год года году лет г гг час часа часов ч мин минут* раз раза шт штук* "
        "пар пары кг гр мг л мл мм см м км вт ватт* мач гб мб тб гц балл* очков человек отзыв* подписчик* об градус*",
    },
    ROAD: {  # after the number and the name
        "en": "street st road rd avenue ave lane ln drive dr blvd boulevard court ct way close crescent highway hwy "
        "parkway terrace",
    },
    STREET: {  # before the name, or right after the number
        "es": "calle carrer avenida avda paseo plaza carrera",
        "pt": "rua av travessa alameda praça estrada rodovia",
        "fr": "rue impasse chemin quai allee allees",
        "de": "strasse str gasse platz",
        "ru": "ул улиц* просп проспект* пер переул* бульвар* шоссе наб",
    },
    FLAT: {
        "en": "apt apartment flat room suite pobox box house building bldg door floor block",
        "es": "piso puerta portal bloque dpto depto casa planta",
        "pt": "apto apartamento bloco andar lote quadra",
        "fr": "appt appartement batiment bat etage",
        "de": "wohnung haus hausnummer hausnr postfach",
        "ru": "дом д корпус корп стр кв квартир* подъезд этаж офис",
    },
    LINK: {
        "en": "of your for me us at with his her that it in please pls sorry also thanks",
        "es": "los las del su sus de lo un con para al en",
        "pt": "os as do da dos seu sua um uma com pro pra ao",
        "fr": "les du des sa une sur au aux moi nous pour votre",
        "de": "der das dem den ihre ihr eine einer zum zur mit unter mich uns",
        "ru": "у меня нас мне за по на в для вот",
    },
    MINE: {  # an article with a number means the order of that number
        "all": "my mine our mi mis nuestro meu minha nosso mon ma mes notre mein meine meiner meinem meinen unser "
        "unsere мой моя мое моего моей мою моем наш наша",
        "articles": "the this la le el este esta cette die diese dieser этот эта",
        "greetings": "hi hello hey dear hola oi ola bonjour salut hallo guten привет здравствуйте",
    },
    IS: {
        "en": "is are it's its thats that's",
        "es": "es son",
        "pt": "é sao",
        "fr": "est c'est sont",
        "de": "ist lautet lauten sind heisst",
        "ru": "это",
    },
    WAS: {"all": "was were era fue foi seria etait etaient war waren waere lautete был была было были"},
    AND: {"all": "and und y et и e plus sowie ou or oder o или"},
    WORD: {"fr": "commandé commandée commandés commandées"},  # would else be the noun without its accent
}

# Chinese, and the commonest of its neighbours: these are looked for inside a run of characters, the longest first.
UNSPACED: dict[str, str] = {
    ORDER: "订单 訂單 定单 这单 那单 注文 주문",
    ORDER_NUMBER: "订单号 订单号码 订单编号 訂單號 訂單編號 訂單號碼 单号 單號 定单号 注文番号 注文番號 주문번호",
    NUMBER: "号码 編號 编号 號碼 番号 번호 代码",
    TRACK: "运单号 运单号码 运单编号 運單號 快递单号 快递号 快递单 快递编号 物流单号 物流号 物流编号 物流单 追踪号 "
    "追踪码 跟踪号 查询号 面单号 包裹号 包裹单号 运单 追跡番号 송장번호",
    PARCEL: "包裹 快递 物流 快件",
    CARRIER: "顺丰 圆通 中通 韵达 申通 百世 极兔 京东快递 京东物流 邮政 德邦 菜鸟 云途 燕文 递四方",
    OTHER: "商品 宝贝 货号 款号 型号 条形码 条码 优惠券 优惠码 兑换码 验证码 取件码 收件码 提货码 取货码 发票 发票号 "
    "发票抬头 税号 身份证 护照 账号 账户 帐号 帐户 会员 会员号 客户号 客户编号 交易号 交易单号 支付单号 流水号 "
    "退款编号 退款单号 退货单号 工单 工单号 投诉单号 投诉编号 序列号 支付宝 旺旺 店铺 链接 批次 批号",
    PHONE: "手机号 手机号码 手机 电话 电话号码 联系电话 联系方式 座机 微信 微信号 客服热线",
    CALL: "致电 拨打 打给 拨了 打了",
    POSTCODE: "邮编 邮政编码 郵編 邮递区号",
    CARD: "银行卡 信用卡 卡号 储蓄卡 卡",
    ENDING: "尾号 后四位 末四位 尾数",
    DATED: "时间 日期 于",
    MONEY: "元 块钱 块 美元 美金 欧元 欧 英镑 日元 卢布 人民币 加元 澳元 港币 雷亚尔 毛钱 円 원",
    TOTAL: "金额 订单金额 实付 实付款 合计 总价 总额 付款金额 退款金额 价格 共计",
    PAID: "付了 花了 卖 售价 才卖",
    UNIT: "天 个 件 小时 分钟 个月 周 星期 次 米 厘米 毫米 公斤 千克 斤 克 毫安 毫升 升 瓦 伏 寸 英寸 岁 条 双 套 人 "
    "分 秒 楼 室 弄 号楼 栋 单元 层 路 倍 码 流明 转 度 点 毫安时 多个 粉丝 积分 号线 期 折 款 瓶 盒 包 箱 片 张",
    LINK: "的",
    MINE: "我的 你好 您好 亲 请问",
    IS: "是 为 就是",
    AND: "和 跟 与 及 还有 或者",
}
