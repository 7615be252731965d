import type { Phrases } from './opt-out-phrases.ts'

/**
 * Wordings in further languages, in the notation of `opt-out-phrases.ts`. Written with their accents here: they are
 * folded like the texts that are compared with them.
 */

const dutch: Phrases = {
  harmless: ['stuur|antwoord|sms|app stop om|voor', 'niet stoppen|afmelden|verwijderen|uitschrijven', 'mijn afspraak'],
  certain: [
    'stop met? sms*|berichten|bericht|appen|bellen|sturen|texten|spammen|mailen|contacteren|het|deze|die',
    'hou|houd|houdt op|eens met sturen|sms*|berichten|appen|bellen|spammen|het|die',
    'stuur|zend|sms|app|schrijf|bel|contacteer|benader me|mij|ons .. niet|geen|nooit|niets|niks meer|berichten|bericht|sms|smsjes|reclame|>',
    'geen|nooit berichten|bericht|sms|smsjes|reclame|aanbiedingen|promoties meer|aub|svp|alsjeblieft|>',
    'geen verdere berichten|sms|contact|reclame',
    'haal|verwijder|schrap|gooi|wis me|mij|ons|mijn|dit|deze .. van|uit .. lijst|bestand|systeem|database|mailing',
    'verwijder|wis|vergeet mijn|dit|ons nummer|gegevens|telefoonnummer|naam',
    'mijn|dit nummer .. verwijderen|wissen|verwijderd',
    'wil geen|niet|niks .. berichten|bericht|sms|smsjes|reclame|ontvangen|krijgen|meer|gecontacteerd|benaderd',
    'laat|laten me|mij|ons .. rust',
    'neem geen contact',
    'wil|wilt|graag|kan|kunt|hoe .. afmelden|uitschrijven',
    'schrijf|meld me|mij|ons .. uit|af >',
    'niet meer contacteren|sturen|sms*|appen|benaderen|bellen|lastigvallen',
    'trek .. toestemming',
  ],
  likely: [
    'verkeerd|verkeerde|fout|foute nummer|persoon|nr|verbonden',
    'geen|niet interesse|geïnteresseerd|geinteresseerd',
    'hou|houd op >',
    'overleden',
    'hoe|waar .. mijn nummer',
    'ben geen klant',
  ],
}

const polish: Phrases = {
  harmless: ['wyślij|odpisz stop aby|żeby', 'nie usuwaj*|wypisuj*'],
  certain: [
    'nie wysył*|przysył*|pis*|kontakt*|dzwoń*|dzwon* .. więcej|już|mnie|mi|nam|wiadomości|sms*|>',
    'przesta* .. pisać|wysyłać|przysyłać|dzwonić|mnie|nękać|spamować',
    'nie chcę|chce|chcemy|życzę|zycze|życzymy .. więcej|wiadomości|sms*|otrzymywać|dostawać|takich|kontaktu',
    'usuń*|usun*|wykreśl*|skasuj* .. mój|ten|mnie|nas|moje .. numer|dane|list*|bazy|>',
    'wypisz*|wypisać|wypisac mnie|nas|numer',
    'mnie|nas|numer .. wypisać|usunąć|wykreślić',
    'dajcie|daj mi|nam .. spokój|spokoj',
    'zostaw* mnie|nas .. spokoju',
    'rezygnuję|rezygnuje z|>',
    'cofam|wycofuję|odwołuję .. zgodę|zgode',
    'jak|chcę|chce .. wypisać|zrezygnować',
  ],
  likely: [
    'pomyłka|pomylił*|pomyłki',
    'zły|błędny|niewłaściwy|nie ten numer|adresat',
    'nie .. zainteresowan*',
    'nie interesuje|interesują',
    'skąd .. numer',
    'nie żyje',
    'zmarł*',
    'dość|dosyć|wystarczy >',
    'nękanie|nękacie',
  ],
}

const russian: Phrases = {
  harmless: ['отправьте|ответьте|пришлите стоп чтобы|для', 'не отписывайте|удаляйте|переставайте'],
  certain: [
    'не присыл*|шлите|шли|пиши|пишите|пишет*|отправляй*|звони|звоните|беспокой*|тревожь* .. мне|больше|нам|меня|сообщ*|смс|сюда|>',
    'не надо|нужно больше? .. присылать|писать|слать|звонить|отправлять|смс|сообщ*|рассыл*',
    'больше .. не пиши*|присыл*|шли*|звони*|беспокой*|отправляй*',
    'переста*|прекрат*|хватит|кончай* .. писать|присылать|слать|звонить|отправлять|рассыл*|спам*|беспокоить',
    'не хочу|желаю|хотим .. получать|сообщ*|смс|рассыл*|реклам*|видеть|чтобы',
    'удали*|убери*|сотри*|вычеркни*|исключи* .. мой|меня|нас|этот|наш|номер',
    'номер .. удали*|убери*',
    'отпиши* меня|нас|номер|пожалуйста|>',
    'отписать|отключить меня|рассылк*|смс',
    'остав* меня|нас|в .. покое',
    'отзываю|отозвать .. согласие',
    'как|хочу|можно .. отписаться|отказаться',
    'отказываюсь от .. рассыл*|сообщ*|смс|>',
    'никаких|без больше? .. сообщ*|смс|рассыл*',
  ],
  likely: [
    'ошиблись|ошибся|ошиблась|перепутали|ошибка .. номер*|>',
    'не тот|тому|туда номер|человек*|попали|>',
    'не интерес*',
    'неинтересно',
    'откуда|кто .. номер',
    'умер|умерла|скончал*',
    'достали|надоели|отстаньте|отвали*',
    'заблокирую|жалоб*|пожалуюсь',
    'это|опять|снова спам',
  ],
}

const turkish: Phrases = {
  harmless: ['randevu*|sipariş*|rezervasyon* .. iptal', 'iptal yazıp|yazarak|yazın'],
  certain: [
    'mesaj*|sms|reklam* .. atma*|gönderme*|yollama*|yazma*|istemiyor*|kesin|durdur*',
    'yazmayın|atmayın|göndermeyin|aramayın|yollamayın',
    'bana|artık|daha|bir yazma|atma|gönderme|arama .. lütfen|artık|>',
    'beni|bizi|numaramı|ismimi|adımı .. listeden|listenizden|sistemden|rehberden|gruptan çıkar*|sil*',
    'numaramı|numaramızı|numarayı|bilgilerimi|kaydımı .. sil*|kaldır*|çıkar*',
    'rahatsız etme*',
    'rahat bırak*',
    'üyeliğimi|aboneliğimi|aboneliği .. iptal*|sonlandır*',
    'almak istemiyor*',
    'iznimi|onayımı .. geri|iptal',
  ],
  likely: [
    'yanlış numara*|kişi*|adres*|yer*',
    'ilgilenmiyor*',
    'ilgimi çekmiyor',
    'vefat|öldü',
    'yeter artık|be|>',
    'numaramı nereden|kimden',
    'şikayet ed*',
  ],
}

const arabic: Phrases = {
  harmless: ['ارسل|ارسلوا|اكتب توقف|ايقاف ل*|لالغاء'],
  certain: [
    'لا|ما|بلا ترسل*|تراسل*|تبعث*|تتصل*|تزعج*|تكتب*',
    'توقف*|اوقف*|وقف* عن|ارسال|الرسائل|رسائلكم|هذه|مراسلتي',
    'كفى|يكفي|بطلو*|بطل رسائل|رسايل|ارسال|تبعث*',
    'لا|ما|لم|مش اريد|ارغب|ابغى|بدي|عايز|عاوز|ابي .. رسائل|رسايل|استقبال|استلام|رسائلكم|تواصل',
    'عدم|بعدم|ايقاف|وقف ارسال|الارسال|التواصل|الاتصال|مراسلتي|ازعاجي|الرسائل|رسائلكم',
    'احذف*|امسح*|ازيل*|ازل*|شيل* .. رقمي|اسمي|الرقم|بياناتي|من|القائمة',
    'الغاء|الغ*|الغي .. اشتراكي|الاشتراك|الرسائل',
    'حذف|ازالة .. رقمي|اسمي',
    'اتركوني|اتركني|دعوني وشاني|في|>',
    'اسحب .. موافقتي',
  ],
  likely: [
    'رقم|الرقم|رقما|نمره خطا|غلط|خاطئ|غير|مو',
    'غلطان|غلطانين',
    'غير|لست|مو|مش|ما مهتم*',
    'لا يهمني',
    'من اين|وين .. رقمي',
    'توفي*|متوفى|متوفي*',
    'خلاص|كفاية|كفايه >',
  ],
}

const vietnamese: Phrases = {
  harmless: ['trạm|bến|điểm dừng', 'soạn|gửi|nhắn dừng|hủy|tc để', 'hủy|huỷ .. lịch|hẹn|đơn|đặt', 'đừng ngừng|dừng'],
  certain: [
    'đừng|ngừng|thôi|xin|dừng .. nhắn|gửi|gọi tin|cho|nữa|tôi|>',
    'đừng|ngừng|thôi|dừng .. làm phiền|spam',
    'không muốn|cần .. nhận|nhắn|gửi|bị|tin .. tin|nữa|sms',
    'xóa|xoá|gỡ|loại|bỏ .. số|tên|tôi|mình .. tôi|mình|em|khỏi|này',
    'hủy|huỷ|bỏ đăng ký|theo dõi',
    'để tôi|mình yên',
    'từ chối nhận',
  ],
  likely: ['nhầm|sai|lộn số|người|máy', 'không quan tâm', 'không phải số', 'lấy số .. đâu', 'phiền quá'],
}

const tagalog: Phrases = {
  harmless: ['i|mag? text|reply stop para', 'huwag|wag .. tigil|tanggalin|alisin'],
  certain: [
    'tigil*|itigil*|ihinto|hinto* .. text*|txt|mensahe|message|messages|pag*|na|nyo|niyo|ninyo|ako|yan',
    'huwag|wag .. text|txt|itext|message|magtext|magpadala|mag*|guluhin|istorbohin|kontakin|tawagan .. ako|kami|na|dito|>',
    'ayaw|ayoko ko|ko|na|namin|kong|nang na? .. text|texts|txt|message|messages|mensahe|makatanggap|tumanggap',
    'alisin|tanggalin|burahin|tanggalin|idelete|delete|iremove .. number|numero|pangalan|ako|listahan|list',
    'paki alis|tanggal|tigil|burahin|remove|delete|stop|hinto',
    'pakialis|pakitanggal|pakitigil|pakistop|pakihinto|pakibura',
  ],
  likely: [
    'mali|maling .. number|numero|tao',
    'hindi|di|wala .. interesado|interes',
    'hindi|di po? ako si',
    'tama na >',
    'namatay|pumanaw|patay na',
    'saan|paano .. nakuha .. number|numero',
  ],
}

export const MORE_PHRASES: readonly Phrases[] = [dutch, polish, russian, turkish, arabic, vietnamese, tagalog]

/**
 * Wordings of languages that are written without spaces: regular expressions over the text without spaces and
 * punctuation.
 */
export const UNSPACED: Pick<Phrases, 'certain' | 'likely'> = {
  certain: [
    // Chinese
    '退订|退訂|取消(?:订阅|訂閱|订閱)|停止(?:订阅|訂閱)',
    '(?:别|別|不要|勿|停止|请勿|請勿|不准)再?(?:给我|給我|向我|跟我|对我)?(?:发|發|传|傳|寄|打扰|打擾|骚扰|騷擾|联系|聯繫|聯絡)',
    '(?:不想|不愿|不願|不要|不需要|拒绝|拒絕)再?(?:收到|接收|收)',
    '把我.{0,8}(?:删|刪|移除|去掉|除名)',
    '(?:删除|刪除|删掉|刪掉|移除)(?:掉)?我',
    // Japanese
    '配信(?:を)?(?:停止|解除|止め|とめ|やめ)|(?:送|おく)らないで|(?:送信|連絡|配信|メール)(?:を)?しないで',
    '(?:停止|中止|解除|やめて|止めて)(?:して)?(?:ください|下さい|ほしい|欲しい)',
    '(?:番号|リスト|登録|情報).{0,6}(?:削除|消して|外して|解除)|(?:受け取り|受信し)たくない',
    // Korean
    '수신거부|(?:보내|연락하|문자하|전화하|하)지(?:말|마)|그만(?:보내|해주|하세|좀)|(?:받|받고)(?:고)?싶지않',
    '번호.{0,6}(?:삭제|지워|빼)|(?:목록|명단|리스트)에서.{0,6}(?:삭제|빼|제외)|구독(?:을)?(?:취소|해지)',
  ],
  likely: [
    '(?:打|发|發|传|傳|拨|撥)错|(?:打|发|發|传|傳|拨|撥)錯|号码(?:不对|错)|號碼(?:不對|錯)|认错人|認錯人',
    '[不没沒](?:感)?[兴興]趣|骚扰|騷擾|垃圾(?:短信|簡訊|信息)|去世|过世|過世|哪.{0,3}我的(?:号码|號碼|电话|電話)',
    '番号.{0,3}(?:違|間違)|間違(?:い|え)|人違い|興味(?:が|は)?(?:ない|ありません|無)|迷惑',
    '잘못(?:된|보내|거셨|걸)|번호(?:가)?(?:틀|잘못|아니)|관심(?:이)?(?:없|업)|스팸|돌아가셨|사망',
  ],
}
