# Azərbaycan dili, zh-Hans.ftl faylından tərcümə.
# Cümlələrdə rəqəm və ünvan yoxdur: onlar facts.toml faylındadır və { $ad } kimi göstərilir.

profile-name = simoff: SIM kartdan imtina
profile-short = Azərbaycan SIM kartından rahat imtina etməyə kömək: bir neçə sual, addımlar, xatırlatmalar. Sənəd və nömrə istəmir.
profile-description =
    Nömrəni saxlamaq üçün tutulan Azərbaycan SIM kartından rahat imtina etməyə kömək edirəm.

    • Bir neçə qısa sual və sizə uyğun addımlar siyahısı
    • Əvvəl hesabları köçürmək, sonra nömrəni ləğv etmək
    • Ofis üçün ikidilli kart, sənədlər, etibarlı əlaqə yolları
    • Hər məlumatın mənbəyi və tarixi var; tapılmayan haqda bu da deyilir

    Pulsuzdur. Ad, tam nömrə, sənəd və kod lazım deyil. Operatorun rəsmi botu deyil.

welcome =
    Salam, mən simoff. Yalnız nömrəni saxlayan Azərbaycan SIM kartından təhlükəsiz imtina etməyə kömək edirəm.

    Bir neçə qısa sual verəcəyəm, sonra sizin üçün addımların siyahısını tutacağam. Düymələri basın və ya öz sözlərinizlə yazın. Hər şeyi sonra dəyişmək olar.

    Ad, tam nömrə, sənəd nömrəsi və kod yazmayın. Mənə lazım deyil, saxlamıram.

# ---------------------------------------------------------------- suallar

q-operator = Bu SIM kart hansı operatorundur?
    .name = Operator
    .why = Hər birinin öz qaydası və öz əlaqəsi var. Nömrələr operatorlar arasında daşına bilir, ona görə prefiks kifayət deyil.
    .azercell = Azercell
    .azercell-words = azercell|azersel
    .bakcell = Bakcell
    .bakcell-words = bakcell|baksel
    .nar = Nar
    .nar-words = nar|azerfon
    .caspian_mobile = Caspian Mobile
    .caspian_mobile-words = caspian mobile|caspian
    .unsure = Əmin deyiləm
    .unsure-words = bilmirəm|əmin deyiləm|yadımda deyil|xəbərim yoxdur

q-holder = SIM kart kimin adınadır?
    .name = Nömrə sahibi
    .why = Nömrəni yalnız adına olan şəxs və ya onun etibarnaməsi olan adam ləğv etdirə bilər.
    .me = Mənim adıma
    .me-words = mənim|mənim adıma|öz adıma|özüm|mənimdir
    .reachable = Başqasının adına, onunla əlaqə saxlaya bilirəm
    .reachable-words = dostumun adına|qohumun adına|ərimin adına|həyat yoldaşımın adına|tanışımın adına|əlaqə saxlaya bilirəm
    .unreachable = Satıcının və ya yad adamın adına, əlaqə yoxdur
    .unreachable-words = satıcının adına|yad adam|əldən almışam|əlaqə saxlaya bilmirəm|mənim adıma deyil
    .unsure = Əmin deyiləm
    .unsure-words = bilmirəm|əmin deyiləm|yadımda deyil

q-status = SIM kart hansı vəziyyətdədir?
    .name = Vəziyyət
    .why = Təlimata görə kart adi vəziyyətdə olmalıdır. Bağlanma və ya borc əvvəlcədən həll edilməlidir.
    .kept = Adi qaydada işləyir
    .kept-words = işləyir|normal|aktivdir|bağlanmayıb
    .suspended = Xətt bağlanıb
    .suspended-words = bağlanıb|bağlı|bloklanıb|dayandırılıb|söndürülüb
    .in_arrears = Borc var
    .in_arrears-words = borc|borc var|borcum var|borclu|ödənilməyib
    .unsure = Əmin deyiləm
    .unsure-words = bilmirəm|əmin deyiləm|yoxlamamışam

q-balance = Balans necədir?
    .name = Balans
    .why = Ləğv zamanı pulun qaytarılması barədə dərc olunmuş qayda tapmadıq. İtirməmək üçün əvvəlcədən bilmək yaxşıdır.
    .settled = Sıfırdır, hər şey ödənilib
    .settled-words = sıfır|sıfırdır|hamısı ödənilib|hər şey ödənilib|boşdur
    .credit = Balansda pul qalıb
    .credit-words = pul var|pul qalıb|bir az pul var|qalıq var
    .unsure = Əmin deyiləm
    .unsure-words = bilmirəm|əmin deyiləm|yoxlamamışam

q-bundled = Karta paket və ya başqa xidmət bağlıdır?
    .name = Xidmətlər
    .why = Təlimata görə karta heç nə bağlı olmamalıdır. Əvvəlcə bunlar dayandırılmalıdır.
    .plain = Xeyr, yalnız nömrəni saxlayır
    .plain-words = paket yoxdur|heç nə bağlı deyil|xidmət yoxdur|xeyr|yox
    .bundled = Bəli, paket və ya xidmət var
    .bundled-words = paket|paket var|xidmət var|abunəlik|tarif|bəli|hə
    .unsure = Əmin deyiləm
    .unsure-words = bilmirəm|əmin deyiləm|yoxlamamışam

q-sim = SIM kartınız hansı növdür?
    .name = SIM növü
    .why = Ofisə kartı aparmaq lazımdır. eSIM və itmiş kart barədə ayrıca demək lazımdır.
    .card = Adi kart, məndədir
    .card-words = adi kart|kart məndədir|plastik
    .esim = eSIM
    .esim-words = esim|e-sim
    .lost = Kart itib
    .lost-words = itib|itirmişəm|oğurlanıb|atmışam|tapmıram

q-place = Nömrə sahibi indi Azərbaycandadır?
    .name = Yer
    .why = Ölkədə ofisə getmək olar. Xaricdən isə onlayn, yazılı və ya etibarlı adam vasitəsilə.
    .in_country = Azərbaycanda
    .in_country-words = azərbaycanda|bakıda|bakı|azərbaycan|bəli|hə
    .abroad = Başqa ölkədə
    .abroad-words = xaricdə|xaricdəyəm|başqa ölkədə|çində|rusiyada|türkiyədə|xeyr|yox

q-leaving = Nömrə sahibi bir həftə ərzində Azərbaycandan gedir?
    .name = Gediş
    .why = Xaricdən ofisə getmək olmur, hər şey daha uzun çəkir. Tezliklə gedən bunu birinci etməlidir.
    .soon = Bəli, bir həftə ərzində
    .soon-words = tezliklə|bu həftə|tezliklə gedirəm|bəli|hə
    .later = Tələsmirik və ya getmirik
    .later-words = tələsmirəm|getmirəm|sonra|burada yaşayıram|xeyr|yox

q-way = Ofisə getmək istəyirsiniz, yoxsa onlayn etmək?
    .name = Üsul
    .why = Azercell hər ikisini dərc edib. Ofisdə adətən bir neçə dəqiqə çəkir; onlayn yoxlama var, daha uzun ola bilər.
    .store = Ofisə gedirəm
    .store-words = ofis|ofisə|mağaza|şəxsən|gedirəm
    .online = Onlayn edirəm
    .online-words = onlayn|internetdən|tətbiqdə|tətbiqlə

q-helper = Azərbaycanda sizin əvəzinizə gedə biləcək etibar etdiyiniz adam var?
    .name = Köməkçi
    .why = Azercell etibarnaməni qəbul edir. Köməkçidə sənədinizin surəti olacaq, ona görə etibar vacibdir.
    .trusted = Bəli, var
    .trusted-words = var|dostum var|dostum gedə bilər|adam var|bəli|hə
    .nobody = Xeyr
    .nobody-words = heç kim|heç kim yoxdur|kimsə yoxdur|xeyr|yox

q-accounts = Bu nömrəyə hələ hansı hesablar bağlıdır? Hamısını seçin, sonra «Bu qədər» düyməsini basın.
    .name = Hesablar
    .why = Ləğv edilmiş nömrə başqasına verilə bilər və kodlarınız ona gələr. Ona görə əvvəl hesablar köçürülür, nömrə axırda.
    .telegram = Telegram
    .telegram-words = telegram|teleqram|tg
    .messengers = WhatsApp, WeChat, LINE
    .messengers-words = whatsapp|vatsap|wechat|line|messencer
    .email = Poçt, Apple, Google
    .email-words = poçt|e-poçt|gmail|google|apple|icloud
    .money = Banklar, ödənişlər, birjalar
    .money-words = bank|banklar|paypal|wise|birja|ödəniş|kripto
    .other = Digərləri (süni intellekt, bulud, oyunlar…)
    .other-words = chatgpt|openai|bulud|oyunlar|sosial şəbəkələr|digər hesablar
    .nothing = Heç biri
    .nothing-words = heç nə|heç biri|hesab yoxdur|hamısını köçürmüşəm|yox
    .unsure = Xatırlaya bilmirəm
    .unsure-words = xatırlamıram|xatırlaya bilmirəm|bilmirəm|əmin deyiləm

q-receives = Nömrəyə hələ SMS gəlir?
    .name = SMS qəbulu
    .why = Hesabı köçürmək üçün çox vaxt bir kod lazımdır. SMS gəlmirsə, başqa yol lazım olacaq.
    .receiving = Bəli
    .receiving-words = gəlir|sms gəlir|alıram|bəli|hə
    .silent = Xeyr
    .silent-words = gəlmir|sms gəlmir|siqnal yoxdur|şəbəkə yoxdur|xeyr|yox

q-result = Operator sizə yazılı təsdiq verdi?
    .name = Nəticə
    .why = Yalnız təsdiq olanda iş bitir. Sözlə deyilən «hazırdır» xəttin sadəcə bağlanması ola bilər.
    .proven = Bəli, məndədir
    .proven-words = təsdiq məndədir|təsdiqi aldım|arayış aldım|arayış var|bəli|hə
    .refused = İmtina etdilər
    .refused-words = imtina etdilər|rədd etdilər|etmirlər
    .waiting = Hələ cavab yoxdur
    .waiting-words = cavab yoxdur|cavab vermirlər|gözləyirəm|hələ gözləyirəm

# ---------------------------------------------------------------- addımlar

s-identify_network = Hansı operator olduğunu öyrənin
    .why = Nömrəni kimin ləğv edə biləcəyi yalnız onda aydın olur.
    .do =
        Sıra ilə yoxlayın, ilk nəticə kifayətdir:
        • Kartı telefona taxın və ekranda şəbəkənin adına baxın.
        • Balansı hansı tətbiqdə və ya saytda artırdığınızı xatırlayın.
        • «Elektron Hökumət» portalında daşınmış nömrələri yoxlamaq olurdu (indi olub-olmadığı yoxlanmayıb).
        • Prefiks yalnız ipucudur: { $prefixes_azercell } əvvəl Azercell, { $prefixes_bakcell } Bakcell, { $prefixes_nar } Nar olub. { $portability_since } tarixindən nömrələr daşına bilir. Naxtel ({ $prefix_naxtel }) { $naxtel_end } tarixində fəaliyyətini dayandırıb, nömrələri bu üçündədir.

        Öyrənəndə mənə deyin, plan dərhal dəyişəcək.
    .note-caspian = «Caspian Mobile» adlı operator tapmadıq. Çox güman ki, təlimat səhvdir və kartınız bu üçündən birinindir.

s-find_holder = Kimin adına olduğunu öyrənin
    .why = Yalnız nömrə sahibi və ya etibarnaməsi olan şəxs ləğv etdirə bilər.
    .do =
        • Müqaviləni və ya qutunu tapın, üstündəki ada baxın.
        • Operatorun tətbiqində qeyd olunan məlumata baxın.
        • Olmasa, operatordan soruşun. Sizə deyib-deməyəcəkləri və hansı sənədi istəyəcəkləri dərc olunmayıb.

        Sizsinizsə, davam edin. Deyilsə, mənə deyin, plan dəyişəcək.

s-involve_holder = Nömrə sahibini də cəlb edin
    .why = Dediniz ki, kart başqasının adınadır. Onu siz yox, o ləğv etdirə bilər.
    .do =
        Bu planı nömrə sahibinə göstərin. Razılaşın: ya özü gedir, ya da etibarnamə yazır.
        Aşağıdakı bütün sənədlər nömrə sahibinin sənədləridir.

s-trace_seller = Nömrə sahibini tapmağa çalışın
    .why = Kart başqasının adınadır, özünüz ləğv etdirə bilməzsiniz.
    .do =
        • Satıcıdan soruşun: kart kimin adınadır, o ləğv etdirməyə və ya etibarnamə yazmağa razıdırmı.
        • Satıcıya sənəd şəkli və kod göndərməyin, «ləğv xidməti» üçün pul verməyin.
        • Tapsanız, cavabı burada dəyişin. Tapmasanız, aşağıdakı addımlar nömrə öz-özünə qapanana qədər sizi qoruyur.

s-list_accounts = Bu nömrəyə bağlı hesabların siyahısını tutun
    .why = Nəyin bağlı olduğunu xatırlaya bilmədiniz. Unudulan hesaba sonra girmək mümkün olmaya bilər.
    .do =
        • Köhnə SMS-lərdə «kod» və «verification» sözlərini axtarın.
        • Parol menecerinə və qeydiyyat məktublarına baxın.
        • Bir-bir keçin: Telegram, WeChat, poçt, bank, süni intellekt, bulud, oyunlar.

        Siyahı hazır olanda mənə deyin, hər növü necə köçürməyi deyəcəyəm.
    .note-silent = Nömrəyə artıq SMS gəlmir: bəzi cihazlarda hesablar hələ açıq ikən əvvəlcə oradan təhlükəsizlik ayarlarına girin.

s-save_telegram = Əvvəlcə Telegram-ı başqa nömrəyə köçürün
    .why = Ləğv edilmiş nömrə başqasına verilə bilər və o, hesabınıza girə bilər. Bəlkə mənə elə o hesabdan yazırsınız.
    .do =
        Telegram → Ayarlar → nömrənizi basın → Nömrəni dəyiş. Söhbətlər, kontaktlar və fayllar qalır.
        • Əvvəlcə ikimərhələli doğrulamanı açın və parol qoyun. Onsuz nömrənin yeni sahibi birbaşa girə bilər.
        • Yeni girişdən sonra { $telegram_change_hours } saat ərzində və yeni nömrədə hesab varsa, dəyişmək olmur.
    .note-silent = Köhnə nömrəyə SMS gəlmir: hesab açıq ikən indi dəyişin. Heç bir cihazdan çıxmayın.

s-save_accounts = Digər hesabları başqa nömrəyə köçürün
    .why = Ləğvdən sonra kodlar sizə yox, başqasına gələ bilər.
    .do =
        Bir-bir, aşağıdakı sıra ilə. Hər birindən sonra köhnə nömrəsiz bir dəfə girin və işlədiyinə əmin olun.
    .note-email = Poçt, Apple, Google: əvvəl bunlar, çünki digərləri bunlarla bərpa olunur. Yeni nömrə və kod tətbiqi əlavə edin, ehtiyat kodları saxlayın, sonra köhnə nömrəni silin.
    .note-money = Banklar, ödənişlər, birjalar: nömrəni dəyişin və kodların yeni nömrəyə gəldiyini yoxlayın. Xaricdən alınmırsa, əvvəlcə bankdan soruşun.
    .note-messengers = WeChat: Mən → Ayarlar → Hesabın təhlükəsizliyi → Telefon. WhatsApp: nömrə hələ sizdə ikən «Nömrəni dəyiş». LINE: ayarlarda.
    .note-other = Digərləri: süni intellekt, bulud, domenlər, oyunlar, sosial şəbəkələr. Hər birini köçürün; lazımsızları silin.
    .note-silent = Köhnə nömrəyə SMS gəlmir: poçt, kod tətbiqi, ehtiyat kodlar və ya hesabın açıq olduğu cihazdan istifadə edin. Heç nə kömək etmirsə, hər xidmətdən soruşun; ləğvdən əvvəl kartı bərpa etməyi düşünün.

s-back_up = Vacib olanları saxlayın
    .why = Ləğvdən sonra nömrə ilə bağlı şeylər həmişəlik itə bilər.
    .do =
        • Lazım olan SMS-ləri və kartdakı kontaktları saxlayın.
        • Operatorun tətbiqində müqavilənin, balansın və ödənişlərin ekran şəklini çəkin.
        • Bu nömrədən istifadə etmiş xidmətləri yazın, bərpa lazım ola bilər.

s-ask_operator = Kartın vəziyyətini dəqiqləşdirin
    .why = Bəzi suallara «bilmirəm» dediniz. Boş yerə getməkdənsə, əvvəlcə soruşmaq yaxşıdır.
    .do = Operatorla əlaqə saxlayın, hamısını birdən soruşun, sonra mənə deyin.
    .note-status = Kart adi vəziyyətdədir, bağlanıb, yoxsa borcludur?
    .note-balance = Balans nə qədərdir? Ödənilməmiş nə isə var?
    .note-bundled = Paket və ya başqa ödənişli xidmət bağlıdır?
    .note-check_azercell = Bu kartdan yoxlayın: fakturasız xətt <code>{ $azercell_check_prepaid }</code>, fakturalı xətt <code>{ $azercell_check_postpaid }</code>, sonra zəng düyməsi.
    .note-check_bakcell = Balansı bu kartdan yoxlayın: <code>{ $bakcell_check }</code>, sonra zəng düyməsi. Pulsuzdur.
    .note-check_nar = Balansı bu kartdan yoxlayın: <code>{ $nar_check }</code>, sonra zəng düyməsi. Kiçik ödəniş ola bilər.

s-read_terms = Əvvəlcə Azercell qaydalarına baxın
    .why = Operatorların qaydaları fərqlidir və dəyişir.
    .do =
        • Nömrədən necə imtina etmək olar: { $azercell_procedure }
        • Nömrə hansı hallarda ləğv edilir: { $azercell_rules }

        Aydın olmayan nə isə varsa, Əlaqə Mərkəzindən soruşun.
        İki ifadəni fərqləndirin: <b>xəttin bağlanması</b> geri qaytarıla bilir; <b>nömrənin ləğvi</b> nömrəni ləğv edir. Sizə ikincisi lazımdır.

s-ask_procedure = Necə ləğv edildiyini soruşun
    .why = Bu operator ləğv qaydasını dərc etmir. Biz uydurmuruq; zəhmət olmasa, soruşun.
    .do =
        Soruşun:
        • Nömrəni tamamilə necə ləğv etdirim və müqaviləyə necə xitam verim (sadəcə xətti bağlamaq yox)?
        • Hansı sənədlər lazımdır? Bəs əcnəbilərdən?
        • Ödəniş varmı? Hansı gündən qüvvəyə minir?
        • Onlayn və ya başqası vasitəsilə olarmı?
        • Yazılı təsdiq verilirmi?
    .note-contract_bakcell = Bakcell abunə müqaviləsi açıqdır. Xitam barədə hazırkı bəndləri oxuyun: { $bakcell_contract }
    .note-menu_nar = { $nar_site } saytında «Frequently asked questions» və «Subscriber identification» bölmələrinə baxın.

s-settle_arrears = Borcu ödəyin
    .why = Dediniz ki, borc var. Təlimata görə ləğvdən əvvəl hər şey ödənilməlidir.
    .do =
        • Nə qədər və nəyə görə olduğunu soruşun. Yazmalarını xahiş edin.
        • Məbləğ səhv görünürsə, ödəməzdən əvvəl soruşun.
        • Qəbzi saxlayın, bir az gözləyin və balansı yenidən yoxlayın.

        Borcun ləğvə həmişə mane olub-olmadığı dərc olunmayıb; operatorun sözü əsasdır.
    .note-fee_azercell = { $azercell_fee_since } tarixindən Azercell fakturasız nömrədən ay ərzində { $azercell_fee } məbləğindən az istifadə olunanda { $azercell_fee } aylıq xidmət haqqı tutula bilər. Balans çatmırsa, qalanı növbəti artırmadan çıxılır.
    .note-credit_nar = Nar krediti də borcdur. Bu kartdan pulsuz yoxlayın: <code>{ $nar_credit_check }</code> və <code>{ $nar_sos_check }</code>, sonra zəng düyməsi.

s-lift_suspension = Bağlanmanı həll edin
    .why = Dediniz ki, xətt bağlanıb. Bu, yalnız bağlı xəttdir: nömrə və müqavilə qalır, ləğv deyil.
    .do =
        • Operatordan soruşun: bağlı ikən nömrəni ləğv etmək olarmı?
        • Olmazsa, xətt necə açılır? Artırma və ya sənəd lazımdırmı?
        • Artırmazdan əvvəl qiyməti soruşun və ondan çox yükləməyin.
    .note-reopen_azercell = Azercell: qısa müddətə bağlanmış xətt Əlaqə Mərkəzində, onlayn çatda və ya { $azercell_app } tətbiqində açılır. Yazılı ərizə ilə bağlanan xətt üçün ərizə və sənədin surəti müştəri xidmətinin poçtuna göndərilir.

s-end_bundle = Paketləri və digər xidmətləri dayandırın
    .why = Dediniz ki, karta nə isə bağlıdır. Təlimata görə heç nə bağlı olmamalıdır.
    .do =
        • Operatordan nömrədəki bütün ödənişli xidmətləri saymasını xahiş edin.
        • Bir-bir dayandırın. Vaxtından əvvəl dayandırmanın haqqı və qüvvəyə mindiyi gün barədə soruşun.
        • Daha heç nəyin bağlı olmadığını təsdiqləmələrini xahiş edin.

s-use_credit = Balansı istifadə edin
    .why = Dediniz ki, pul qalıb. Qaytarılması barədə qayda tapmadıq: istifadə olunmasa, itmiş sayın.
    .do =
        • Daha balans artırmayın.
        • Qalığı istifadə edin və ya eyni operatordakı tanışa köçürün.
        • Ləğv zamanı qaytarılmanı bir də soruşun, cavabı yazdırın.
    .note-transfer_azercell = Azercell bir dəfəyə { $azercell_transfer } köçürməyə imkan verir, haqqı var.
    .note-transfer_nar = Nar bir dəfəyə { $nar_transfer } köçürməyə imkan verir, haqqı var, rouminqdə olmur.

s-gather_papers = Sənədləri hazırlayın
    .why = Bir sənədə görə bütün yol boşa gedə bilər. Hamısını götürün.
    .do = Aşağıdakı hər sənədi hazır olanda işarələyin. Etibarlı olmalı, ad qeydiyyatla eyni olmalıdır. Sənədləri mənə göndərməyin.
    .note-foreigner = Azercell əcnəbilərdən pasport istəyir və ölkədə { $azercell_registration_days } gündən çox qalan əcnəbinin qeydiyyat kartını və ya yaşayış icazəsini göstərir. Təkcə pasportun kifayət olub-olmadığını ofisdən və ya Əlaqə Mərkəzindən soruşun.
    .note-apostille = Etibarnamə: Azərbaycan apostili qəbul edir. Operatorun xaricdə tərtib olunanı qəbul edib-etmədiyi və tərcümə lazım olub-olmadığı dərc olunmayıb. Hazırlatmazdan əvvəl soruşun.

s-visit_store = Ofisdə ləğv etdirin
    .why = Ofisdə adətən bir neçə dəqiqə çəkir. Geri qaytarmaq olmur.
    .do =
        • İşçiyə deyin ki, xəttin bağlanmasını yox, <b>nömrənin ləğvi</b>ni istəyirsiniz.
        • Sənədi və SIM kartı verin, məlumatı yoxlayacaqlar.
        • Ərizəni doldurun, verin və bir az gözləyin.
        • Yerindəcə borc və ödənişli xidmət olub-olmadığını yoxlatdırın.
        • Yazılı təsdiq (<b>yazılı təsdiq</b>) almadan getməyin.
    .note-office_azercell = «Azercell Eksklüziv» və ya «Müştəri Xidmətləri ofisi» axtarın. İş saatlarını tapmadıq; getməzdən əvvəl soruşun.
    .note-office_bakcell = «Bakcellim ofisi» axtarın. İş saatlarını tapmadıq; getməzdən əvvəl soruşun.
    .note-office_nar = «Satış və xidmət mərkəzi» axtarın. İş saatlarını tapmadıq; əvvəlcə sayta baxın.
    .note-esim = Sizdə eSIM-dir, kart yoxdur, bunu deyin. Hələ silməyin: silmək ləğv etmək deyil.
    .note-lost = Kart itib: işçiyə deyin və itkini bildirin. Əvvəlcə yeni kart lazım olub-olmadığını onlar həll edir.
    .note-leaving = Tezliklə gedirsiniz: bunu getməzdən əvvəl edin və təsdiqi alın. Xaricdən xeyli çətindir.

s-cancel_online = Onlayn ləğv edin
    .why = Azercell yazır ki, bunu { $azercell_app } tətbiqində də etmək olar. Geri qaytarmaq olmur.
    .do =
        • Tətbiqi rəsmi saytdan { $azercell_site } yükləyin və daxil olun.
        • «Ləğv» və ya oxşar bölməni tapın.
        • Göstərişlərə əməl edin, məlumatı doldurun, sənədləri yükləyin. Yalnız rəsmi tətbiqdə.
        • Yoxlamanı gözləyin. Ofisdən ləngdir, əvvəlcədən başlayın.
        • <b>Nömrənin ləğvi</b> olduğuna, <b>xəttin bağlanması</b> olmadığına əmin olun.
        • Bu müddətdə telefon və poçtla əlaqədə olun, sizinlə əlaqə saxlaya bilərlər.
    .note-abroad = Əcnəbi pasportuna yazılmış nömrənin tətbiqdə ləğv olunub-olunmadığını tapmadıq. Belə bölmə yoxdursa, <code>{ $azercell_email }</code> ünvanından soruşun; ilk məktubda sənəd göndərməyin.
    .note-leaving = Tezliklə gedirsiniz: bunu getməzdən əvvəl edin və təsdiqi alın. Xaricdən xeyli çətindir.

s-write_operator = Ləğvi yazılı xahiş edin
    .why = Xaricdəsiniz və əvəzinizə gedən yoxdur. Bu operatorun dərc olunmuş onlayn yolunu tapmadıq, ən etibarlısı yazmaqdır. Geri qaytarmaq olmur.
    .do =
        • Axtarışdan tapılan ünvana yox, rəsmi saytın müştəri xidmətinə yazın.
        • Yazın: nömrə sahibisiniz, xaricdəsiniz, nömrənin ləğvini və müqaviləyə xitam verilməsini istəyirsiniz, xəttin bağlanmasını yox.
        • Hansı sənədlərin lazım olduğunu, borc olub-olmadığını və uzaqdan mümkünlüyünü soruşun.
        • İlk mesajda sənəd göndərməyin; yalnız rəsmi ünvan istəyəndə.
        • Yazılı təsdiq istəyin və əlaqədə olun.

s-send_proxy = Köməkçiniz ləğv etdirsin
    .why = Xaricdəsiniz və etibar etdiyiniz adam var. Geri qaytarmaq olmur.
    .do =
        • Əvvəlcə operatordan hansı etibarnaməni qəbul etdiyini soruşun, sonra hazırladın.
        • İçində olsun: <b>nömrənin ləğvi</b>, müqaviləyə xitam, yazılı təsdiqin alınması.
        • Köməkçi etibarnaməni, sənədinizin surətini və öz sənədini aparır.
        • Təsdiqi yerindəcə alsın və sizə şəklini göstərsin.
    .note-online_azercell = Əvvəlcə { $azercell_app } tətbiqini yoxlayın: orada alınsa, etibarnamə lazım deyil.

s-let_lapse = Artırmayın, nömrə öz-özünə qapansın
    .why = Nömrə sahibi ilə əlaqə yoxdur, adi yol qalmayıb. Yalnız bütün hesablar köçürüləndən sonra.
    .do =
        • Daha artırmayın və bu nömrə ilə heç nəyə qeydiyyatdan keçməyin.
        • Günü operator təyin edir, sizə təsdiq verilmir.
        • O vaxta qədər SMS-i kart kimdədirsə, o ala bilər. Ona görə əvvəl hesablar.
        • Kredit tarixçəsinə və ya sərhədə təsir edirmi? Nə belə, nə əksinə məlumat tapdıq; şübhəniz varsa, operatordan soruşun.
    .note-lapse_azercell = Azercell: fakturasız nömrə abunəçilik dövrü bitəndə ləğv edilir; fakturalı nömrə bağlı xətt { $azercell_postpaid_months } ay ərzində bərpa olunmasa. Sonra nömrə başqasına verilə bilər, sizə xəbər verilmir.
    .note-lapse_others = Hazırkı müddətləri tapmadıq; rəsmi sayta baxın və ya soruşun.

s-confirm_result = Yazılı təsdiq alın
    .why = Nömrə yalnız təsdiq olanda ləğv edilmiş sayılır. Sözlə deyilən «hə» xəttin bağlanması ola bilər.
    .do =
        • Üzərində nömrə, tarix, operatorun adı və ya möhürü olmalıdır.
        • Cavab verməyən nömrə sadəcə bağlı ola bilər, ona görə kağız vacibdir.
        • Şəklini çəkin və saxlayın.

        Nəticə necə oldu?

s-complain_operator = Operatora yazılı şikayət edin
    .why = Etmədilər və ya cavab vermədilər. Qaydaya görə əvvəlcə operatora şikayət edilir.
    .do =
        • Nə vaxt, harada, nə istədiyinizi və nə dediklərini yazın.
        • Müraciətin nömrəsini istəyin.
        • { $complaint_days } iş günü ərzində cavab verməlidirlər, yoxlama lazımdırsa { $complaint_days_checked } iş günü.
    .note-refused = Səbəbi yazılı istəyin. Şifahi imtina kifayət deyil.
    .note-waiting = İlk müraciətin tarixini yazın və ekran şəkli əlavə edin.
    .note-address_azercell = Azercell şikayəti onlayn çatda, e-poçtla və ya { $azercell_address } ünvanına məktubla qəbul edir.

s-complain_regulator = Tənzimləyiciyə, İKTA-ya şikayət edin
    .why = Operator imtina etsə və ya müddəti keçirsə, növbəti ünvan tənzimləyicidir.
    .do =
        Əvvəlcə operatora şikayət edin, sonra bura: { $regulator_site }
        Müraciətin nömrəsini, yazışmaları və tarixləri əlavə edin.

s-dispose_sim = SIM kartı təhlükəsiz məhv edin
    .why = Başqasının əlində kartdan sui-istifadə oluna bilər.
    .do = Təsdiq əlinizdə olanda çipi kəsin və atın. O vaxta qədər saxlayın.

s-delete_esim = eSIM-i silin
    .why = eSIM axırda silinir. Silmək ləğv etmək deyil, üstəlik SMS gəlməyəcək.
    .do = Təsdiq əlinizdə olanda eSIM-i telefonun ayarlarından silin.

# ---------------------------------------------------------------- sənədlər

p-identity = Nömrə sahibinin etibarlı sənədi (pasport və ya şəxsiyyət vəsiqəsi), əsli
p-residence = Əcnəbilər: qeydiyyat kartı və ya yaşayış icazəsi (lazım olub-olmadığını əvvəl soruşun)
p-sim = SIM kart
p-receipt = Ödəniş qəbzləri, varsa
p-proxy_letter = Etibarnamə
p-identity_copy = Nömrə sahibinin sənədinin surəti, köməkçi üçün
p-proxy_identity = Köməkçinin öz sənədi

# ---------------------------------------------------------------- əlaqə

c-azercell_call_centre = Azercell Əlaqə Mərkəzi: <code>{ $azercell_number }</code>, { $azercell_hours }. Yalnız Azercell nömrəsindən.
c-azercell_online = Azercell onlayn çat: { $azercell_site } saytında və Azercell tətbiqində. Xaricdən də işləyir.
c-azercell_mail = Azercell e-poçtu: <code>{ $azercell_email }</code>
c-bakcell_call_centre = Bakcell Məlumat Mərkəzi: <code>{ $bakcell_number }</code>, pulsuz. Yalnız Bakcell nömrəsindən.
c-bakcell_online = Bakcell: { $bakcell_site } və «{ $bakcell_app }». Başqa şəbəkədən və xaricdən zəng üçün etibarlı nömrə tapmadıq; sayta baxın.
c-nar_online = Nar: etibarlı telefon tapmadıq. { $nar_site }, «{ $nar_app }» tətbiqi və ya Nar xidmət mərkəzi.
c-caspian_none = «Caspian Mobile» adlı operator tapmadıq, telefonu da yoxdur. Əvvəlcə şəbəkəni öyrənin.
c-from_abroad = Qısa nömrələr yalnız öz şəbəkəsində işləyir. Xaricdən sayt, çat, poçt və ya tətbiqdən istifadə edin.
c-not_azercell = ⚠️ Bəzi təlimatlar { $fire } nömrəsini Azercell kimi yazır. Azərbaycanda bu, <b>yanğınsöndürmə xidmətidir</b>. Oraya zəng etməyin.
c-not_bakcell = ⚠️ Bəzi təlimatlar { $police } nömrəsini Bakcell kimi yazır. Azərbaycanda bu, <b>polisdir</b>. Oraya zəng etməyin.
c-not_caspian = ⚠️ Bəzi təlimatlar { $ambulance } nömrəsini «Caspian Mobile» kimi yazır. Azərbaycanda bu, <b>təcili tibbi yardımdır</b>. Oraya zəng etməyin.

# ---------------------------------------------------------------- mövzular

f-retention = Nömrəni saxlayan SIM kart nədir?
    .words = nömrəni saxlayan kart|saxlama kartı|bu kart nə üçündür
    .answer =
        Bir iş görür: az pulla nömrə sizin qalır. Nömrəyə banklar və hesablar bağlı ola bilər.
        Nömrə hələlik lazım olmayan, amma başqasına verilməsini istəməyənlər götürür. Nömrəni yenidən işlədə biləcək və ya xidməti nömrəni itirmədən dayandırmaq istəyənlərə uyğundur.
        Ölkənin operatorlarında belə kartlar var, hər birinin şərtləri fərqlidir. Təlimat Azercell, Bakcell və «Caspian Mobile» adlarını çəkir; sonuncunu tapmadıq.

f-reasons = Ümumiyyətlə niyə ləğv etməli?
    .words = niyə ləğv|niyə imtina|nə üçün ləğv
    .answer =
        Təlimat dörd səbəb göstərir:
        • Nömrə lazım deyil: xərc və risk azalır.
        • Pulsuz müddətdən sonra artırma olmasa, ödənişlər yığıla bilər.
        • Banklara və hesablara bağlı olmuş nömrə məlumat sızdıra bilər.
        • Nömrələr azdır, boş duran heç kimə xeyir vermir.

f-emergency = Təlimatdakı nömrələrə zəng etmək olar?
    .words = { $fire }|{ $police }|{ $ambulance }|{ $rescue }|yanğın|təlimatdakı nömrələr
    .answer =
        Xeyr. Azərbaycanda { $fire } yanğınsöndürmə, { $police } polis, { $ambulance } təcili tibbi yardımdır. { $rescue } Fövqəladə Hallar Nazirliyinin qaynar xəttidir.
        Bəzi təlimatlar ilk üçünü operator telefonu kimi verir. Bu səhvdir, başqa ölkələrdə də təcili nömrələr ola bilər.
        Operatorunuzla əlaqəni «Əlaqə» göstərir.

f-closing = Xəttin bağlanması, yoxsa nömrənin ləğvi?
    .words = bağlanma və ləğv|xəttin bağlanması|fərqi nədir|fərq nədir
    .answer =
        İki ayrı şeydir. <b>Xəttin bağlanması</b> xətti söndürür, geri qaytarıla bilir; nömrə və müqavilə qalır.
        <b>Nömrənin ləğvi</b> müqaviləyə xitam verir və nömrəni qaytarır.
        İşçi sadəcə xətti bağlaya bilər, ona görə hansını istədiyinizi deyin və «ləğv edilib» yazılmış kağız alın.

f-states = Kartın vəziyyətini necə bilim?
    .words = vəziyyəti necə bilim|balansı necə yoxlayım|balansı yoxlamaq|necə yoxlayım
    .answer =
        Təlimat üç vəziyyət tanıyır: adi, xətti bağlı, borclu.
        Ləğvdən əvvəl üçü də olmalıdır: adi vəziyyət, sıfır və ya ödənilmiş balans, heç bir bağlı xidmət.
        Bu kartdan yoxlayın: Azercell <code>{ $azercell_check_prepaid }</code> (fakturasız) və ya <code>{ $azercell_check_postpaid }</code> (fakturalı), Bakcell <code>{ $bakcell_check }</code>, Nar <code>{ $nar_check }</code>.

f-neglect = Heç nə etməsəm?
    .words = heç nə etməsəm|ləğv etməsəm|öz özünə ləğv|avtomatik ləğv
    .answer =
        Azercell yazır: fakturasız nömrə abunəçilik dövrü bitəndə ləğv edilir, başqasına verilə bilər, sizə xəbər verilmir. Bakcell və Nar üçün hazırkı müddətləri tapmadıq.
        Təhlükə kartda yox, ona bağlı hesablardadır: nömrə kimdədirsə, kodlar da ondadır.
        Ona görə ləğv etməsəniz də, hesabları köçürün.

f-debt = Borc kredit tarixçəsinə və ya sərhədə təsir edir?
    .words = kredit tarixçəsi|sərhəd|sərhəddə|qara siyahı|məhkəmə
    .answer =
        Fakturasız nömrədəki borcun kredit tarixçəsinə və ya sərhədə təsir etdiyinə dair məlumat tapmadıq, təsir etmədiyinə zəmanət də tapmadıq.
        Dəqiq cavab üçün operatordan yazılı soruşun və ya tənzimləyicidən, İKTA-dan: { $regulator_site }

f-monthly_fee = Hər ay tutulan kiçik məbləğ nədir?
    .words = aylıq xidmət haqqı|aylıq haqq|pul tutulub|{ $azercell_fee }|manat|azn
    .answer =
        Azercell, { $azercell_fee_since } tarixindən: ay ərzində { $azercell_fee } məbləğindən az istifadə olunan fakturasız nömrədən { $azercell_fee } tutulur (vergi daxil). Balans çatmırsa, qalanı növbəti artırmadan çıxılır.
        Başqa yolla və ya ləğvdən sonra tələb olunması barədə heç nə tapmadıq. Əlaqə Mərkəzinin cavabı əsasdır.

f-lapse = Nömrə öz-özünə qapansa olmaz?
    .words = öz-özünə qapansın|vaxtı bitsin|özü bağlansın
    .answer =
        Olar, amma üç mənfi cəhəti var: günü siz seçmirsiniz, təsdiq yoxdur, o vaxta qədər karta SMS gələ bilər.
        Azercell fakturasız nömrələri abunəçilik dövrü bitəndə ləğv edir. Digər ikisi üçün hazırkı qayda tapmadıq.
        Hər halda əvvəlcə hesabları köçürün.

f-refund = Qalan pul qaytarılır?
    .words = qaytarılır|pulu qaytarmaq|qalan pul|geri almaq
    .answer =
        Ləğv zamanı qaytarılma barədə dərc olunmuş qayda tapmadıq: istifadə olunmasa, itmiş sayın.
        Balansı yoxlayın, istifadə edin və ya köçürün; ləğv zamanı bir də soruşun və cavabı yazdırın.

f-documents = Hansı sənədlər lazımdır?
    .words = hansı sənədlər|hansı sənəd|nə aparmalı|nə götürməliyəm
    .answer =
        • Nömrə sahibinin etibarlı sənədi: pasport və ya şəxsiyyət vəsiqəsi
        • SIM kartın özü
        • Ödəniş qəbzləri, varsa
        Hamısını götürün. Azercell əcnəbilər üçün qeydiyyat kartını və ya yaşayış icazəsini də göstərir. Öz siyahınız «Sənədlər» bölməsindədir.

f-foreigners = Təkcə pasport kifayətdir?
    .words = pasport kifayətdir|təkcə pasport|əcnəbi|yaşayış icazəsi
    .answer =
        Azercell yazır: pasport və ölkədə { $azercell_registration_days } gündən çox qalan əcnəbinin qeydiyyat kartı və ya müvəqqəti, yaxud daimi yaşayış icazəsi. Hər ikisinin lazım olub-olmadığı mətndən aydın deyil.
        Əvvəlcə soruşun. Bakcell və Nar üçün dərc olunmuş tələb tapmadıq.

f-someone_elses = Kart mənim adıma deyil
    .words = başqasının adına|əldən alınmış kart|kart mənim deyil
    .answer =
        Yalnız nömrə sahibi və ya etibarnaməsi olan şəxs ləğv etdirə bilər. Qanuna görə müqavilədə SIM kartın başqasına daimi verilməsi və kirayəsi qadağan olunur.
        Sahibi ilə əlaqəniz varsa, birlikdə edin. Yoxdursa, hesabları köçürün, artırmayın, nömrə qapanacaq.

f-proxy = Mənim əvəzimə başqası edə bilər?
    .words = etibarnamə|əvəzimə|vəkil|apostil|nümayəndə
    .answer =
        Azercell etibarnaməni qəbul edir. Köməkçi onu, nömrə sahibinin sənədinin surətini və öz sənədini aparır.
        Azərbaycan apostili { $apostille_azerbaijan } tarixindən qəbul edir. Xaricdə tərtib olunanı götürüb-götürmədiklərini və tərcümə istəyib-istəmədiklərini tapmadıq; əvvəlcə soruşun. Bakcell və Nar-dan da soruşun.

f-from_abroad = Xaricdən ləğv etmək olar?
    .words = xaricdən ləğv|xaricdən|uzaqdan|gəlmədən
    .answer =
        Azercell: { $azercell_app } tətbiqini yoxlayın, onlayn çatdan soruşun, <code>{ $azercell_email }</code> ünvanına yazın və ya etibarnamə verin. Əcnəbi pasportuna yazılmış nömrənin tətbiqdə ləğv olunub-olunmadığını tapmadıq.
        Bakcell və Nar: dərc olunmuş uzaqdan yol tapmadıq; sayt vasitəsilə yazılı soruşun.
        Qısa nömrələr xaricdən işləmir.

f-online = Onlayn necə ləğv edim?
    .words = onlayn necə|onlayn ləğv|tətbiqdə necə|onlayn olarmı
    .answer =
        Operatorun saytına və ya rəsmi tətbiqinə girin → «ləğv» və ya oxşar bölməni tapın → göstərişlərə əməl edin, məlumatı doldurun, sənədləri yükləyin → yoxlamanı gözləyin, sonra sistem tamamlayır.
        Daha uzun çəkə bilər, əvvəlcədən başlayın. Bunun mümkünlüyünü yalnız Azercell yazır.

f-counter = Ofisdə nə olur?
    .words = ofisdə nə olur|ofisdə nə deyim|nə qədər çəkir
    .answer =
        Nömrəni ləğv etdirmək istədiyinizi deyin → sənədi və SIM kartı yoxlama üçün verin → ərizəni doldurun → verin və bir neçə dəqiqə gözləyin → yazılı təsdiqi alın.
        Aydın deyin: bağlamaq yox, <b>nömrənin ləğvi</b>.

f-certificate = Arayış niyə lazımdır?
    .words = arayış niyə|arayış|yazılı təsdiq|təsdiq niyə
    .answer =
        Nömrənin hansı gündən sizin olmadığını göstərir. Kimsə ondan istifadə etsə və ya hesab gəlsə, sübutunuz olur.
        Operatorların verməyə borclu olub-olmadığını tapmadıq, ona görə yerindəcə istəyin və ərizədə yazın.

f-reissue = Nömrəm başqasına veriləcək?
    .words = başqasına veriləcək|başqasına verilir|nömrəm kimə
    .answer =
        Ola bilər. Azercell yazır: nömrə yalnız istifadəyə verilir, müqavilədən sonra başqa abunəçiyə verilə bilər, sizə xəbər verilmir.
        Nə qədər sonra olduğunu tapmadıq. Ona görə əvvəl hesablar.

f-unlink = Əvvəlcə nəyi ayırım?
    .words = nəyi ayırım|hesabları köçürmək|nədən başlayım
    .answer =
        Yaxşı sıra: siyahı tutun → Telegram, bəlkə elə bu söhbət ondadır → poçt, Apple, Google → banklar, ödənişlər, birjalar → WhatsApp, WeChat → süni intellekt, bulud, oyunlar, sosial şəbəkələr → hər birinə köhnə nömrəsiz bir dəfə girin → ləğv axırda.

f-this_chat = Telegram-ım elə bu nömrədədir
    .words = telegramım bu nömrədədir|telegram bu nömrədə|elə bu nömrə
    .answer =
        Onda bundan başlayın: Telegram → Ayarlar → nömrənizi basın → Nömrəni dəyiş. Söhbətlər qalır. Sonra ikimərhələli doğrulamanı açın.
        Bu parol olmasa, nömrənin yeni sahibi hesabınıza girə bilər.

f-esim = eSIM-i silmək kifayətdir?
    .words = esim silmək|esimi silmək|esim i silmək
    .answer =
        Xeyr. eSIM yalnız telefondan silinir; nömrə və müqavilə qalır, kodlar isə gəlməz.
        Əvvəlcə ləğv edin, təsdiqi alın, axırda silin.

f-no_sms = SMS gəlmirsə?
    .words = sms gəlmirsə|kodlar gəlmir|sms olmadan
    .answer =
        Ləğv SMS-ə yox, sənədə əsaslanır; onlayn kod lazım ola bilər.
        Çətini hesabları köçürməkdir: poçt, kod tətbiqi, ehtiyat kodlar və ya hesabın açıq olduğu cihaz. Heç nə alınmırsa, ləğvdən əvvəl kartı bərpa edin.

f-which_operator = Operatoru unutmuşam
    .words = hansı operator|operatoru unutmuşam|hansı şəbəkə|prefiks|nömrə daşınması
    .answer =
        Telefonda şəbəkənin adına baxın və ya harada artırdığınızı xatırlayın. Prefiks yalnız ipucudur: { $portability_since } tarixindən nömrələr daşına bilir.
        Naxtel ({ $prefix_naxtel }) dayanıb; nömrələri indi Azercell, Bakcell və ya Nar-dadır.

f-staff_language = Operatorlar hansı dildə danışır?
    .words = hansı dildə|ingiliscə|rusca|çincə
    .answer =
        Əlaqə mərkəzlərinin hansı dillərdə cavab verdiyini tapmadıq. Yazmaq rahatdır: çatı və poçtu tərcümə etmək olar.
        Ofisdə xahişinizi telefonda Azərbaycan dilində göstərin və cavabı yazdırın.

f-refused = İmtina etsələr?
    .words = imtina etsələr|şikayət|şikayət etmək|cavab verməsələr
    .answer =
        Əvvəlcə operatora yazılı şikayət edin, müraciət nömrəsini alın. { $complaint_days } iş günü ərzində, yoxlama ilə { $complaint_days_checked } iş günü ərzində cavab verməlidirlər.
        Sonra tənzimləyiciyə, İKTA-ya şikayət edin: { $regulator_site }

f-terms = Qaydalar haradadır?
    .words = qaydalar|abunə müqaviləsi|şərtlər|qaydalar haradadır
    .answer =
        Fərqlidir və dəyişir, əvvəlcə baxın:
        • Azercell: { $azercell_rules }
        • Bakcell müqaviləsi: { $bakcell_contract }
        • Nar: { $nar_site }

f-stay_reachable = Nəyə diqqət edim?
    .words = nəyə diqqət|diqqət edim|nə vacibdir
    .answer =
        • Vacib olanları saxlayın, xidməti bərpa etmək lazım ola bilər.
        • Əvvəlcə balansı yoxlayın ki, pul itməsin.
        • Qaydalar fərqlidir, əvvəlcə oxuyun.
        • Əlaqədə olun: operator sizə yaza bilər.
        Şübhə varsa, Əlaqə Mərkəzindən və ya ofisdən soruşun. Bu, sizin öz marağınızdır, tələsməyin.

f-agents = Pulla ləğv edənlərə etibar etmək olar?
    .words = vasitəçi|vasitəçilər|pulla ləğv|fırıldaq
    .answer =
        Ehtiyatlı olun. Ləğv üçün sahibinin öz sənədi lazımdır. Onun şəklini və kodları yad adama vermək kartı saxlamaqdan təhlükəlidir.
        Yalnız tanıdığınız, etibar etdiyiniz adama, rəsmi etibarnamə ilə tapşırın.

f-privacy = Haqqımda nə saxlayırsınız?
    .words = nə saxlayırsınız|məxfilik|mənim məlumatlarım
    .answer =
        Bu hesab üçün: seçdiyiniz cavabları, işarələri, xatırlatmaları, dili və saat qurşağını. Ad, tam nömrə, sənəd və kod saxlamıram, mənə lazım da deyil.
        Hamısını görmək üçün /export, dərhal silmək üçün /forget göndərin. Çoxdan gəlməsəniz, özüm siləcəyəm.

# ---------------------------------------------------------------- xatırlatmalar və qurşaqlar

o-leaving_store = ⏰ Tezliklə gedirsiniz, ən vacibi ofisdir. Sabah səhər xatırladım?
o-leaving_online = ⏰ Tezliklə gedirsiniz, yoxlama isə vaxt aparır. Sabah səhər xatırladım?
o-review = ⏰ İndi yoxlamanı gözləmək lazımdır. Üç gün sonra nəticəyə baxmağı xatırladım?
o-letter = ⏰ Cavab vaxt aparır. Bir həftə sonra nəticəyə baxmağı xatırladım?
o-helper = ⏰ Üç gün sonra köməkçidən nəticəni soruşmağı xatırladım?
o-complaint = ⏰ Cavab üçün müddətləri var. Bitəndə, tənzimləyiciyə müraciət üçün, xatırladım?

z-baku = Bakı
    .words = azərbaycan
z-beijing = Pekin
    .words = şanxay|çin
z-taipei = Taybey
    .words = tayvan
z-tokyo = Tokio
    .words = yaponiya|seul|koreya
z-singapore = Sinqapur
    .words = honkonq|malayziya
z-bangkok = Banqkok
    .words = tailand|vyetnam
z-dubai = Dubay
    .words = əmirliklər|tbilisi|gürcüstan
z-istanbul = İstanbul
    .words = türkiyə
z-moscow = Moskva
    .words = rusiya
z-berlin = Berlin
    .words = almaniya|fransa|paris|italiya|ispaniya
z-london = London
    .words = ingiltərə
z-new_york = Nyu-York
    .words = toronto
z-chicago = Çikaqo
    .words = çikaqo
z-los_angeles = Los-Anceles
    .words = vankuver
z-sydney = Sidney
    .words = avstraliya

# ---------------------------------------------------------------- ofis üçün kart

k-greeting = Salam.
k-request = Bu nömrəni ləğv etdirmək və müqaviləyə xitam vermək istəyirəm: { $number_blank }
k-with_card = Buyurun, pasportum və SIM kartım.
k-with_esim = Buyurun, pasportum. Bu, eSIM-dir, fiziki kart yoxdur.
k-with_nothing = Buyurun, pasportum. SIM kart itib.
k-for_the_holder = Nömrə sahibi xaricdədir. Etibarnamə, onun sənədinin surəti və mənim sənədim buradadır.
k-check = Zəhmət olmasa, yoxlayın: bu nömrədə borc və ya aktiv ödənişli xidmət varmı?
k-debt = Borc varsa, məbləğini yazın, zəhmət olmasa. Ödəyəcəyəm.
k-refund = Balansda qalan vəsaiti geri almaq mümkündürmü?
k-cancel = Mən xəttin müvəqqəti bağlanmasını deyil, nömrənin tamamilə ləğv edilməsini istəyirəm.
k-from_when = Nömrə hansı tarixdən ləğv olunur?
k-proof = Zəhmət olmasa, nömrənin ləğv edildiyi barədə mənə yazılı təsdiq verin.
k-write_down = Azərbaycan dilini bilmirəm. Zəhmət olmasa, cavabı yazın.
k-thanks = Təşəkkür edirəm.

letter =
    Mövzu: Nömrənin ləğv edilməsi barədə müraciət

    Hörmətli müştəri xidmətləri,

    Mən { $number_blank } nömrəsinin abunəçisiyəm. Hazırda xaricdəyəm və ofisə gələ bilmirəm. Bu nömrəni ləğv etdirmək və müqaviləyə xitam vermək istəyirəm.

    Aşağıdakıları bildirməyinizi xahiş edirəm:
    • hansı sənədlər tələb olunur;
    • nömrədə borc və ya aktiv ödənişli xidmət varmı;
    • müraciəti e-poçt və ya etibarnamə ilə etmək mümkündürmü.

    Nömrə ləğv edildikdən sonra yazılı təsdiq göndərməyinizi xahiş edirəm.

    Hörmətlə, (ad, soyad)
