"""What buyers of the seven languages type, message by message, for each thing they come with."""

from __future__ import annotations

# The first message of a conversation is followed by the order's number and the proof.
TYPED: dict[str, dict[str, tuple[str, ...]]] = {
    "not_received": {
        "de": ("Meine Bestellung ist immer noch nicht da, ich warte seit Wochen", "Wo steckt mein Paket denn jetzt?"),
        "en": ("My order still isn't here, I've been waiting for weeks", "So where is my parcel right now?"),
        "es": ("Mi pedido sigue sin llegar, llevo semanas esperando", "¿Dónde está ahora mi paquete?"),
        "fr": (
            "Je n'ai toujours pas reçu ma commande, j'attends depuis des semaines",
            "Où est mon colis en ce moment ?",
        ),
        "pt": ("Meu pedido ainda não chegou, estou esperando há semanas", "Onde está meu pacote agora?"),
        "ru": ("Мой заказ так и не пришёл, жду уже несколько недель", "Где сейчас моя посылка?"),
        "zh": ("我的包裹等了好几个星期还没收到", "请问我的包裹现在到哪里了？"),
    },
    "customs": {
        "de": (
            "Der Zoll hält mein Paket fest und will Geld von mir",
            "Warum muss ich überhaupt Zoll bezahlen?",
            "Ich weigere mich, den Zoll zu bezahlen, nehmen Sie das Paket zurück",
        ),
        "en": (
            "Customs is holding my parcel and wants money from me",
            "Why do I have to pay customs duty at all?",
            "I refuse to pay the customs duty, take the parcel back",
        ),
        "es": (
            "La aduana ha retenido mi paquete y me pide dinero",
            "¿Por qué tengo que pagar aduana?",
            "Me niego a pagar los impuestos de aduana, devuelvan el paquete",
        ),
        "fr": (
            "La douane bloque mon colis et me réclame de l'argent",
            "Pourquoi est-ce que je dois payer des frais de douane ?",
            "Je refuse de payer les droits de douane, reprenez le colis",
        ),
        "pt": (
            "A alfândega reteve meu pacote e quer que eu pague",
            "Por que eu tenho que pagar imposto de importação?",
            "Eu me recuso a pagar essa taxa da alfândega, levem o pacote de volta",
        ),
        "ru": (
            "Таможня задержала мою посылку и требует с меня деньги",
            "Почему я вообще должен платить пошлину?",
            "Я отказываюсь платить таможенную пошлину, забирайте посылку обратно",
        ),
        "zh": ("海关扣了我的包裹，还要我交钱", "为什么要我交关税？", "我拒绝交关税，包裹你们退回去吧"),
    },
    "goods": {
        "de": ("Die Lampe ist kaputt angekommen, das Glas ist zersplittert", "Ich möchte mein Geld zurück"),
        "en": ("The lamp arrived broken, the glass is shattered", "I want my money back"),
        "es": ("La lámpara llegó rota, el cristal está hecho pedazos", "Quiero que me devuelvan el dinero"),
        "fr": ("La lampe est arrivée cassée, le verre est en morceaux", "Je veux être remboursé"),
        "pt": ("A luminária chegou quebrada, o vidro está em pedaços", "Quero meu dinheiro de volta"),
        "ru": ("Лампа пришла разбитая, стекло вдребезги", "Я хочу вернуть деньги"),
        "zh": ("台灯收到时是坏的，玻璃全碎了", "我要退款"),
    },
    "return": {
        "de": ("Ich möchte meine Bestellung zurückschicken", "ja, unbenutzt", "ja bitte"),
        "en": ("I'd like to send my order back", "yes, it's unused", "yes please"),
        "es": ("Quiero devolver mi pedido", "sí, sin usar", "sí, por favor"),
        "fr": ("Je voudrais renvoyer ma commande", "oui, jamais utilisé", "oui, s'il vous plaît"),
        "pt": ("Quero devolver meu pedido", "sim, sem uso", "sim, por favor"),
        "ru": ("Хочу вернуть свой заказ", "да, не использовал", "да, пожалуйста"),
        "zh": ("我想把订单的东西退货", "是的，没用过", "好的"),
    },
    "exchange": {
        "de": ("Kann ich das gegen eine andere Farbe umtauschen?", "ja", "bitte die grüne", "ja, stimmt"),
        "en": ("Could I exchange it for another colour?", "yes", "the green one please", "yes, right"),
        "es": ("¿Puedo cambiarlo por otro color?", "sí", "la verde, por favor", "sí, correcto"),
        "fr": ("Est-ce que je peux l'échanger contre une autre couleur ?", "oui", "la verte s'il vous plaît", "oui"),
        "pt": ("Posso trocar por outra cor?", "sim", "a verde, por favor", "sim, isso mesmo"),
        "ru": ("Можно обменять на другой цвет?", "да", "зелёную, пожалуйста", "да, верно"),
        "zh": ("我想换一个别的颜色", "是的", "我要绿色的", "对的"),
    },
    "cancel": {
        "de": ("Ich möchte meine Bestellung stornieren", "ja bitte"),
        "en": ("Please cancel my order", "yes please"),
        "es": ("Quiero cancelar mi pedido", "sí, por favor"),
        "fr": ("Je voudrais annuler ma commande", "oui, s'il vous plaît"),
        "pt": ("Quero cancelar meu pedido", "sim, por favor"),
        "ru": ("Хочу отменить заказ", "да, пожалуйста"),
        "zh": ("我想取消订单", "好的"),
    },
    "address": {
        "de": ("Ich bin umgezogen, bitte die Lieferadresse ändern", "Torstraße 125, 10119 Berlin", "ja, stimmt"),
        "en": ("I've moved, please change the delivery address", "22 Whiteladies Road, Bristol, BS8 2LG", "yes, right"),
        "es": ("Me he mudado, quiero cambiar la dirección de entrega", "Calle Mayor 22, 28013 Madrid", "sí, correcto"),
        "fr": (
            "J'ai déménagé, il faut changer l'adresse de livraison",
            "12 rue de la Paix, 75002 Paris",
            "oui, c'est ça",
        ),
        "pt": (
            "Me mudei, preciso mudar o endereço de entrega",
            "Rua das Flores 45, 01310-100 São Paulo",
            "sim, isso mesmo",
        ),
        "ru": (
            "Я переехал, нужно поменять адрес доставки",
            "ул. Рубинштейна, д. 15, Санкт-Петербург, 191002",
            "да, верно",
        ),
        "zh": ("我搬家了，请帮我改一下收货地址", "上海市静安区延安中路 25 号，200041", "对的"),
    },
    "person": {
        "de": (
            "Wo ist meine Bestellung?",
            "Ich möchte mit einem Menschen sprechen",
            "Es ist ein Geschenk für meine Mutter",
        ),
        "en": ("Where is my order?", "I'd like to talk to a human", "It is a present for my mother"),
        "es": ("¿Dónde está mi pedido?", "Quiero hablar con una persona", "Es un regalo para mi madre"),
        "fr": ("Où est ma commande ?", "Je veux parler à un humain", "C'est un cadeau pour ma mère"),
        "pt": ("Onde está meu pedido?", "Quero falar com uma pessoa", "É um presente para minha mãe"),
        "ru": ("Где мой заказ?", "Хочу поговорить с человеком", "Это подарок для моей мамы"),
        "zh": ("我的订单在哪里？", "我要找人工客服", "这是给我妈妈的礼物"),
    },
    "stop": {
        "de": ("Wo ist meine Bestellung?", "Bitte schicken Sie mir keine Nachrichten mehr"),
        "en": ("Where is my order?", "Please stop sending me messages"),
        "es": ("¿Dónde está mi pedido?", "No me manden más mensajes, por favor"),
        "fr": ("Où est ma commande ?", "Ne m'envoyez plus de messages, s'il vous plaît"),
        "pt": ("Onde está meu pedido?", "Por favor, parem de me mandar mensagens"),
        "ru": ("Где мой заказ?", "Пожалуйста, не присылайте мне больше сообщений"),
        "zh": ("我的订单在哪里？", "请不要再给我发消息了"),
    },
}
