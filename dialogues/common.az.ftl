# Bütün dialoqların ortaq ifadələri.

language-name = Azərbaycan dili

# ---- anlamaq üçün sözlər, | ilə ayrılır
words-yes = bəli|hə|düzdür|yaxşı|ok|təsdiq edirəm
words-no = xeyr|yox|lazım deyil|imtina
words-done = hazırdır|etdim|bitdi|tamamdır|tamamladım
words-negation = deyil|yox|heç vaxt|heç
words-question = ?|nə|necə|niyə|olarmı|hansı|harada|nə vaxt|neçə|lazımdırmı
words-secret = kod|kodu|şifrə|parol|pin|puk

# ---- əmrlər
cmd-start = Başlamaq və ya davam etmək
    .words = başla|başlamaq|davam|davam et|salam
cmd-plan = Addımlarımın siyahısı
    .words = plan|planım|addımlar|siyahı
cmd-papers = Hazırlanacaq sənədlər
    .words = sənədlər|sənədlərim
cmd-hotline = Operatorla necə əlaqə saxlamalı
    .words = əlaqə|əlaqələr|telefon|qaynar xətt
cmd-remind = Xatırlatma qurmaq
    .words = xatırlat|xatırlatma|xatırlatma qur
cmd-reminders = Xatırlatmalarım
    .words = xatırlatmalar|xatırlatmalarım
cmd-card = Ofis üçün ikidilli kart
    .words = kart|ofis kartı
cmd-pack = Planı fayl kimi saxlamaq
    .words = oflayn|şəbəkəsiz|yüklə
cmd-topics = Tez-tez verilən suallar
    .words = suallar|mövzular
cmd-answers = Cavablarıma baxmaq və dəyişmək
    .words = cavablar|cavablarım|dəyiş|düzəliş|geri
cmd-language = Dili dəyişmək
    .words = dil|dili dəyiş
cmd-timezone = Saat qurşağını dəyişmək
    .words = saat qurşağı|saat qurşağını dəyiş
cmd-code = Bərpa kodu almaq
    .words = bərpa kodu|ehtiyat kodu
cmd-restore = Bərpa kodu ilə davam etmək
    .words = bərpa et|bərpa kodu ilə
cmd-export = Haqqımda saxlanan hər şey
    .words = ixrac|məlumatlarımı ver
cmd-forget = Haqqımda hər şeyi silmək
    .words = sil|hər şeyi sil|məni unut
cmd-help = Necə işləyir
    .words = kömək|yardım|necə işləyir

# ---- suallar
ask-progress = Sual { $number } / { $total }
ask-many-hint = Seçilib: { $list }
ask-unasked = Sizin vəziyyətinizdə bu sual əhəmiyyətli deyil. Cavabı hər ehtimala qarşı saxlayıram.
ask-current = İndiki cavabınız: { $value }

# ---- qeydlər
note-welcome-back = Xoş gördük. Hər şey yerindədir.
note-noted = Qeyd etdim: { $list }.
note-changed = Dəyişdim: { $list }.
note-kept = Yaxşı, olduğu kimi qalır.
note-ticked = ✅ Hazırdır: { $name }
note-unticked = İşarə götürüldü: { $name }
note-too-early = ⚠️ Bu addımı geri qaytarmaq olmur, ondan əvvəl isə bunlar qalıb: { $list }. Zəhmət olmasa, tezliklə edin.
note-not-understood = Bunu başa düşmədim, amma bütün cavablarınız yerindədir. Aşağıdakı variantı seçin və ya başqa cür yazın.
note-outdated = Bu düymə köhnə versiyadandır və artıq işləmir. İndi buradasınız.
note-sensitive = ⚠️ Bu, nömrəyə, sənədə və ya koda oxşayır. Mən saxlamadım; mesajı silin. Mənə yalnız seçimləriniz lazımdır.
note-unsupported-picture = Mən şəkillərə baxa bilmirəm. Sənəd şəkli göndərməyin; silmək daha yaxşıdır. Yazın və ya düyməni basın.
note-unsupported-voice = Mən səsli mesajı dinləyə bilmirəm. Zəhmət olmasa, yazın və ya düyməni basın.
note-unsupported-other = Belə mesajı oxuya bilmirəm. Zəhmət olmasa, yazın və ya düyməni basın.
note-sensitive-file = ⚠️ Fayl və kontakt göndərməyin: içində şəxsi məlumat ola bilər. Mən saxlamadım; zəhmət olmasa, silin.
note-plan-not-ready = Qalan suallara cavab verin, siyahı hazır olacaq.
note-forgotten = Hər şey silindi, heç nə qalmadı. Yenidən başlamaq üçün /start göndərin.
note-started-over = Yaxşı, əvvəldən başlayırıq.
note-step-gone = Bu addım artıq planınızda yoxdur.
note-language-set = Yaxşı, bundan sonra azərbaycanca.
note-our-fault = Məndə xəta baş verdi, son mesajınız işlənmədi. Zəhmət olmasa, təkrar yazın; qalanları yerindədir.
toast-retrying = Yadda saxlama ləngiyir. Yenidən cəhd edirəm, alınan kimi cavab verəcəyəm.
note-nothing-open = İndi sizin «hə» və ya «yox» cavabınızı gözləyən heç nə yoxdur.
note-unknown-command = Belə əmr yoxdur. Nə bacardığımı bilmək üçün /help göndərin.

did-you-mean = Bunu nəzərdə tutursunuz:
none-of-these = Heç biri

# ---- plan
plan-title = Planınız
plan-closed = 🎉 Nömrə ləğv edilib, təsdiq sizdədir. Qalan yalnız son işlərdir.
plan-all-closed = 🎉 Hamısı hazırdır. Nömrə ləğv edilib, təsdiq sizdədir.
plan-all-ticked = Bütün addımlar işarələnib.
plan-progress = Görülüb: { $done } / { $total }
plan-next = 👉 Növbəti: { $name }
plan-papers = Hazır sənədlər: { $done } / { $total }
step-number = Addım { $number } / { $total }
step-not-yet = ⚠️ <b>Hələ tezdir.</b> Bu addımı geri qaytarmaq olmur. Əvvəlcə: { $list }
step-irreversible = ❗ Bu addımı geri qaytarmaq olmur.
step-why = Bu addım niyə: { $value }
step-papers = Özünüzlə götürün:
step-contacts = Əlaqə:
why-because = Çünki belə dediniz:
why-always = Bu addım hamıya lazımdır.
why-change = Aşağıdakı cavablardan biri səhvdirsə, seçib dəyişin.
confirm-ask = «{ $value }» seçsəniz, plan dəyişəcək:
confirm-leaves = ➖ Daha lazım deyil: { $name }
confirm-leaves-done = ➖ Daha lazım deyil: { $name } (artıq etmisiniz)
confirm-comes = ➕ Əlavə olunur: { $name }

# ---- başqa səhifələr
papers-title = Hazırlanacaq sənədlər
papers-maybe = Cavablarınızdan asılıdır. Lazım ola bilər:
papers-none = Sizin vəziyyətinizdə sənəd lazım deyil.
papers-hint = Hazır olanı seçin, işarələnəcək. Sənədləri mənə göndərməyin.
contacts-title = Operatorla necə əlaqə saxlamalı
topics-title = Bəlkə bunu soruşmaq istəyirsiniz
answers-title = Cavablarınız
answers-none = Hələ heç bir suala cavab verməmisiniz.
answers-hint = Dəyişmək üçün birini seçin.
languages-title = Dili seçin
forget-ask = Bütün cavablar, işarələr və gedişat silinsin? Geri qaytarmaq olmayacaq.
help =
    <b>Necə işləyir</b>
    • Düymələri basın və ya sadəcə yazın, məsələn «nömrəmdə borc var». Bir cümlədə bir neçə şey demək olar.
    • İstənilən cavabı istənilən vaxt dəyişə bilərsiniz. Plan uyğunlaşır, işarələr qalır.
    • İstənilən vaxt soruşun. Sonra qaldığımız yerdən davam edirik.

    Ad, tam nömrə, sənəd və kod göndərməyin.

# ---- düymələr
btn-plan = 📋 Plan
btn-papers = 🪪 Sənədlər
btn-hotline = ☎️ Əlaqə
btn-topics = ❓ Suallar
btn-answers = ✏️ Cavabları dəyiş
btn-back = ↩️ Davam
btn-done = ✅ Bunu etdim
btn-undo = ↩️ Hələ etməmişəm
btn-next = 👉 { $name }
btn-why = 🔍 Bu addım niyə
btn-know = 💡 Artıq bilirəm: { $name }
btn-finish = 👌 Bu qədər
btn-apply = ✅ Dəyiş
btn-keep = ↩️ Qalsın
btn-start-over = 🔄 Əvvəldən başla
btn-forget-yes = 🗑 Hər şeyi sil
btn-forget-no = ↩️ Silmə
btn-why-asked = 💬 Niyə soruşursunuz

# ---- xatırlatmalar
zone-guess = Asia/Baku
weekday-names = B.e.|Ç.a.|Ç.|C.a.|C.|Ş.|B.
note-reminder-set = ⏰ Yaxşı, «{ $name }» barədə xatırladacağam: { $value }
note-reminder-cancelled = Yaxşı, bu xatırlatma ləğv edildi.
note-reminder-gone = Bu xatırlatma artıq yoxdur.
note-too-many-reminders = Xatırlatmalar çoxdur. Yenisini qurmazdan əvvəl bir neçəsini ləğv edin.
note-zone-set = Yaxşı, { $zone } vaxtı. Orada indi { $time }.
trouble-past = Bu vaxt artıq keçib. Daha gec bir vaxt yazın.
trouble-no-such-day = Təqvimdə belə gün yoxdur. Başqa tarix yazın.
trouble-no-such-time = Belə saat yoxdur. Başqa vaxt yazın.
trouble-too-far = Bu çox uzaqdır: mən ən çoxu bir il yadda saxlayıram. Daha yaxın tarix yazın.
trouble-ambiguous = Bu saat bu gün artıq keçib. Hansını nəzərdə tutursunuz?
remind-title = Nəyi xatırladım?
remind-about-hotline = Operatorla əlaqə
remind-about-papers = Çatışmayan sənədlər
when-ask = «{ $name }» barədə nə vaxt xatırladım?
when-hint = Birini seçin və ya yazın, məsələn «sabah saat doqquzda», «üç gün sonra», «iki saat sonra».
when-echo = { $weekday } { $date } { $time } ({ $zone })
when-echo-both = { $weekday } { $date } { $time } ({ $zone }), { $home }: { $other }
zones-title = İndi haradasınız?
zones-confirm = Saatınız indi { $time } göstərir ({ $zone }), elədir? Deyilsə, aşağıdan seçin və ya şəhəri yazın.
reminders-title = Xatırlatmalarınız
reminders-none = Hələ yoxdur.
reminders-hint = Vaxtını dəyişmək, ləğv etmək və ya təqvimə yazmaq üçün seçin.
due-title = ⏰ Xatırlatma
due-late = ⏰ Gecikmiş xatırlatma (vaxtında burada deyildim, üzr istəyirəm)
due-hotline = Operatorla əlaqə saxlamağın vaxtıdır:
due-papers = Bu sənədlər hələ çatışmır:
due-step = Bu addımın vaxtıdır: <b>{ $name }</b>
calendar-note = Bu, təqvim faylıdır. Açın, telefonunuzun təqvimi xatırlatmanı saxlayacaq.
btn-remind = ⏰ Xatırlat
btn-reminders = 🗓 Xatırlatmalarım
btn-hour = Bir saat sonra
btn-evening = Bu axşam
btn-tomorrow = Sabah səhər
btn-three-days = Üç gün sonra
btn-monday = Gələn bazar ertəsi
btn-change-time = 🕘 Başqa vaxt
btn-cancel-reminder = 🗑 Ləğv et
btn-calendar = 🗓 Təqvim faylı
btn-not-needed = 🙅 Lazım deyil
btn-zone-yes = ✅ Hə
btn-timezone = 🌏 Saat qurşağı
terminal-file = ({ $name } faylına yazıldı)

# ---- vaxt sözləri
time-second = saniyə
time-minute = dəqiqə|dəq
time-hour = saat
time-day = gün
time-week = həftə
time-month = ay
time-month-day = tarixində
time-in = keçəndən
time-later = sonra
time-today = bu gün
time-tomorrow = sabah
time-after-tomorrow = birigün|o biri gün
time-morning = səhər
time-noon = günorta
time-afternoon = günortadan sonra
time-evening = axşam|bu axşam
time-am = gecə
time-pm = axşamüstü
time-next = gələn|növbəti
time-oclock = da|də|radələrində
time-half = yarım
time-remind = xatırlat|yadıma sal
time-hotline = zəng|zəng etməyi|operatorla əlaqəni
time-papers = sənədləri|sənədlər
time-filler = mənə|barədə|zəhmət olmasa
time-weekdays = bazar ertəsi|çərşənbə axşamı|çərşənbə|cümə axşamı|cümə|şənbə|bazar
time-numbers = bir|iki|üç|dörd|beş|altı|yeddi|səkkiz|doqquz/doqquzda|on|on bir|on iki

# ---- mənbələr
sources-title = «{ $name }» haradan götürülüb
sources-none = Burada nömrə və ünvan yoxdur. Bunlar təlimatdan və öz məsləhətlərimizdəndir; şübhəniz varsa, operatordan soruşun.
source-official = Rəsmi səhifədən: { $value } (biz { $date } oxumuşuq)
source-news = Xəbərlərdən: { $value } (biz { $date } oxumuşuq)
source-third-party = Üçüncü tərəfdən: { $value } (biz { $date } oxumuşuq)
source-stale = Yenidən oxunmalıdır, dəyişmiş ola bilər; operatordan soruşun.
stale-note = Burada nə isə yenidən yoxlanmalıdır, dəyişmiş ola bilər. Operatordan dəqiqləşdirin.
btn-sources = 🔗 Haradandır

# ---- kart və fayl
card-title = Ofis üçün
card-hint = Bunu işçiyə göstərin; kopyalamaq üçün üstünə basın. Nömrəni başqa yerdə yazın, mənə göndərməyin.
card-own = Mənası:
pack-note = Bu, planınızın faylıdır: addımlar, sənədlər, əlaqə və ofis üçün kart. Şəbəkəsiz açılır və çap olunur.
pack-made = simoff tərəfindən hazırlanıb, { $date }. Planlar dəyişir; sonuncusu əsasdır.
pack-letter = Operatora məktub
pack-letter-hint = Boş yerləri özünüz doldurun. İlk məktubda sənəd göndərməyin.
pack-sources = Haradan götürülüb
btn-card = 🗂 Ofis üçün
btn-pack = 📦 Oflayn fayl

# ---- terminal
terminal-hint = Nömrəni yazın və ya öz sözlərinizlə deyin. Kömək üçün /help, çıxmaq üçün Ctrl-D.
terminal-reloaded = (Dialoq yeniləndi)

# ---- bərpa kodları və ixrac
step-code = 🔑 Əvvəlcə aşağıdakı düymə ilə bərpa kodu alın. Bu hesab nömrə ilə birlikdə itsə, siyahı başqa hesabda açılacaq.
code-title = 🔑 Bərpa kodunuz
code-hint =
    Onu yazın və bu hesabdan kənarda saxlayın.
    Başqa hesabdan /restore və bu kodu göndərin: siyahı, cavablar və xatırlatmalar ora keçəcək.
    { $number } gün etibarlıdır, bir dəfə işləyir. Yeni kod köhnəni ləğv edir.
note-restored = 🔑 Hər şey yerindədir, davam edək. Xatırlatmalar da buraya keçdi, əvvəlki hesab boşaldı.
note-code-unknown = Kod səhvdir, istifadə olunub və ya köhnəlib. Yoxlayıb yenidən göndərin.
note-code-misread = /restore, bir boşluq və kodu göndərin. Kodda dörd hərf və ya rəqəmdən ibarət dörd qrup var.
note-too-many-codes = Cəhdlər çox oldu. Bir saat gözləyin.
note-nothing-to-keep = Hələ heç bir suala cavab verməmisiniz, bərpa ediləcək bir şey yoxdur.
note-content-changed = 📣 Bələdçi yeniləndi, planınız dəyişir:
note-content-asks = 📣 Bələdçi yeniləndi. Daha bir cavab lazımdır, sonra plan yenə hazırdır.
export-note = 📄 Haqqınızda saxladığım hər şey budur: cavablar, işarələr və xatırlatmalar, başqa heç nə.
group-private = Mən yalnız şəxsi söhbətdə danışıram. Düyməyə toxunun, orada davam edək.

# ---- düymələr, davamı
btn-code = 🔑 Bərpa kodu
btn-group = 💬 Şəxsi söhbət

# ---- botu işlədənlər üçün
admin-stats = Rəqəmlər
admin-nobody = Məzmunla heç bir plan dəyişməyib, xəbər veriləsi adam yoxdur.
admin-announce = Plan dəyişir: { $number } / { $total }. Hər kəs fərqi öz dilində, növbə ilə alacaq.
admin-begun = Başladı. Bitəndə deyəcəyəm.
admin-done = Bitdi. Xəbər verildi: { $number }
btn-announce = 📣 Xəbər ver

# ---- veb səhifə
web-skip = Mətn sahəsinə keç
web-talk = Söhbət
web-write = Demək istədiyiniz
web-example = Yaza da bilərsiniz, məsələn: kartımın borcu var
web-send = Göndər
web-menu = Menyu
web-you = Siz:
web-file = ⬇️ Saxla: { $name }
web-note = Ad, tam nömrə, sənəd və ya kod yazmayın. Gedişat yalnız bu brauzer üçün saxlanılır; cihazı dəyişməzdən əvvəl menyudan bərpa kodu götürün.
web-offline = Serverə qoşulmaq olmur. Bağlantını yoxlayın və bir az sonra yenidən cəhd edin; bütün cavablarınız yerindədir.
web-too-fast = Çox sürətli oldu. Bir neçə saniyə gözləyin; bütün cavablarınız yerindədir.
web-trouble = Bizdə xəta baş verdi, son əməliyyat yadda saxlanmadı. Bir az sonra yenidən cəhd edin; qalanı yerindədir.
web-foreign = Bu bizim səhifədən gəlmədi, ona görə heç nə edilmədi. Səhifəyə qayıdın və yenidən cəhd edin.
web-lost = Burada heç nə yoxdur.
