"""Words that hold a sentence together and say nothing about its topic, and how words are found.

Written for this project by hand. Published stop-word lists strike out what residents write
about ("help", "home", "old", "young", "open", "work"), hold thirty words of Somali and none of
Punjabi. Here are articles, pronouns, prepositions, conjunctions, particles, question words,
negations, auxiliaries and their forms, and a few filler words. No noun but those inside fixed
phrases, no adjective but pointing and counting ones, no number. A keyword or the edge of a
label should not be one of them; a text is never stripped of them before it is embedded.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from analysis.text.normalise import normalise, word_pattern

_EN = """
a an the this that these those here there
i me my mine myself you your yours yourself yourselves he him his himself she her hers herself
it its itself we us our ours ourselves they them their theirs themselves one ones
who whom whose which what where when why how whoever whatever whenever wherever whichever
someone somebody something anyone anybody anything everyone everybody everything nobody nothing
somewhere anywhere everywhere nowhere none
and or but nor so yet if then than because although though while whilst whereas unless until
till since as whether either neither both also too else
of in on at by for from to into onto with without within about above across after against along
among amongst around before behind below beneath beside besides between beyond despite down
during except inside like near off out outside over past per through throughout toward towards
under up upon via
am is are was were be been being do does did doing done have has had having
can could may might must shall should will would ought cannot
isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't won't
wouldn't shouldn't mustn't mightn't needn't ain't
isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant couldnt wont wouldnt shouldnt
i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll
we're we've we'd we'll they're they've they'd they'll that's there's here's what's who's let's
im ive youre youve weve theyre theyve thats theres whats
not no never yes only just even still already again ever always often sometimes usually
very really quite rather almost enough much many more most less least few fewer little lot lots
some any all each every other others another such same own several
etc eg ie now however therefore thus maybe perhaps please ok okay well
get gets got getting go goes going went gone
"""

_UR = """
کا کی کے کو سے میں پر تک نے والا والی والے لیے لئے ساتھ بغیر بعد پہلے طرف درمیان بارے
اندر باہر اوپر نیچے آگے پیچھے سامنے خلاف علاوہ ذریعے دوران مطابق بجائے
اور یا لیکن مگر بلکہ کہ اگر تو پھر جب تب کیونکہ چونکہ اگرچہ تاکہ ورنہ جبکہ حالانکہ چاہے نیز
میں میرا میری میرے مجھے مجھ ہم ہمارا ہماری ہمارے ہمیں تم تمہارا تمہاری تمہارے تمہیں تو
آپ آپکا آپکی آپکے وہ یہ اس ان اسے انہیں انہوں اُس اُن اِس اِن اسکا اسکی اسکے انکا انکی انکے
اپنا اپنی اپنے خود جو جس جن جسے جنہیں جنہوں
کون کیا کیوں کب کہاں کیسے کیسا کیسی کتنا کتنی کتنے کس کن کونسا کونسی کونسے کدھر
یہاں وہاں ادھر اُدھر جہاں اب ابھی تبھی کبھی کہیں یہیں وہیں یوں ایسا ایسی ایسے ویسے ویسا
جیسا جیسی جیسے اتنا اتنی اتنے جتنا جتنی جتنے
ہے ہیں ہوں ہو تھا تھی تھے تھیں ہوا ہوئی ہوئے ہوتا ہوتی ہوتے ہونا ہونے ہوگا ہوگی ہوگے ہونگے
ہوں رہا رہی رہے رہتا رہتی رہتے گا گی گے گیا گئی گئے جاتا جاتی جاتے جائے جائیں جانا جانے
کرنا کرنے کرتا کرتی کرتے کریں کرے کر کیا کی کیے کئے سکتا سکتی سکتے سکیں سکے چاہیے چاہئے چاہیئے
دیا دی دیے دیتا دیتی دیتے دیں دے لیا لی لیتا لیتی لیتے لیں لے
نہیں نہ مت نا ہاں جی بھی ہی تو صرف کچھ کوئی کسی سب ہر بہت زیادہ کم تھوڑا تھوڑی دوسرا دوسری
دوسرے ایک طرح ایسی ویسی یہی وہی آ اکثر ہمیشہ شاید بالکل تقریباً براہ مہربانی وغیرہ
"""

_PA = """
ਦਾ ਦੀ ਦੇ ਦੀਆਂ ਕੇ ਇਹੀ ਨੂੰ ਨੇ ਤੋਂ ਵਿੱਚ ਵਿਚ ਚ ਉੱਤੇ ਉਤੇ ਤੇ ਤੱਕ ਤਕ ਨਾਲ ਲਈ ਵਾਸਤੇ ਬਾਰੇ ਕੋਲ ਕੋਲੋਂ ਬਿਨਾਂ
ਬਾਅਦ ਪਹਿਲਾਂ ਵੱਲ ਵੱਲੋਂ ਅੰਦਰ ਬਾਹਰ ਉੱਪਰ ਹੇਠਾਂ ਅੱਗੇ ਪਿੱਛੇ ਸਾਹਮਣੇ ਵਿਚਕਾਰ ਵਿੱਚੋਂ ਰਾਹੀਂ ਦੌਰਾਨ ਅਨੁਸਾਰ
ਵਾਲਾ ਵਾਲੀ ਵਾਲੇ ਵਾਲੀਆਂ ਵਾਲਿਆਂ
ਅਤੇ ਜਾਂ ਪਰ ਸਗੋਂ ਕਿ ਜੇ ਜੇਕਰ ਤਾਂ ਫਿਰ ਜਦੋਂ ਜਦ ਤਦ ਕਿਉਂਕਿ ਭਾਵੇਂ ਤਾਂਕਿ ਨਹੀਂ ਨਾ ਨ ਵੀ ਹੀ ਈ
ਮੈਂ ਮੇਰਾ ਮੇਰੀ ਮੇਰੇ ਮੇਰੀਆਂ ਮੈਨੂੰ ਅਸੀਂ ਸਾਡਾ ਸਾਡੀ ਸਾਡੇ ਸਾਡੀਆਂ ਸਾਨੂੰ ਤੂੰ ਤੇਰਾ ਤੇਰੀ ਤੇਰੇ ਤੈਨੂੰ
ਤੁਸੀਂ ਤੁਹਾਡਾ ਤੁਹਾਡੀ ਤੁਹਾਡੇ ਤੁਹਾਨੂੰ ਉਹ ਇਹ ਉਸ ਇਸ ਉਹਨਾਂ ਉਨ੍ਹਾਂ ਇਹਨਾਂ ਇਨ੍ਹਾਂ ਉਸਨੂੰ ਇਸਨੂੰ ਉਸਦਾ
ਉਸਦੀ ਉਸਦੇ ਇਸਦਾ ਇਸਦੀ ਇਸਦੇ ਆਪ ਆਪਣਾ ਆਪਣੀ ਆਪਣੇ ਆਪਣੀਆਂ ਖੁਦ ਜੋ ਜਿਹੜਾ ਜਿਹੜੀ ਜਿਹੜੇ ਜਿਸ ਜਿਨ੍ਹਾਂ
ਕੌਣ ਕੀ ਕਿਉਂ ਕਦੋਂ ਕਿੱਥੇ ਕਿਵੇਂ ਕਿੰਨਾ ਕਿੰਨੀ ਕਿੰਨੇ ਕਿਸ ਕਿਹੜਾ ਕਿਹੜੀ ਕਿਹੜੇ
ਇੱਥੇ ਇਥੇ ਉੱਥੇ ਉਥੇ ਜਿੱਥੇ ਜਿਥੇ ਹੁਣ ਕਦੇ ਕਿਤੇ ਇੰਨਾ ਇੰਨੀ ਇੰਨੇ ਐਨਾ ਐਨੀ ਐਨੇ ਅਜਿਹਾ ਅਜਿਹੀ ਅਜਿਹੇ
ਜਿਵੇਂ ਇਵੇਂ ਉਵੇਂ ਜਿੰਨਾ ਜਿੰਨੀ ਜਿੰਨੇ
ਹੈ ਹਨ ਹਾਂ ਹੋ ਸੀ ਸਨ ਨੇ ਹੋਣਾ ਹੋਣ ਹੋਣੀ ਹੋਣੇ ਹੋਇਆ ਹੋਈ ਹੋਏ ਹੁੰਦਾ ਹੁੰਦੀ ਹੁੰਦੇ ਹੁੰਦੀਆਂ ਹੋਵੇ ਹੋਣਗੇ ਹੋਵੇਗਾ
ਹੋਵੇਗੀ ਰਿਹਾ ਰਹੀ ਰਹੇ ਰਹੀਆਂ ਰਹਿੰਦਾ ਰਹਿੰਦੀ ਰਹਿੰਦੇ ਗਿਆ ਗਈ ਗਏ ਗਈਆਂ ਜਾਂਦਾ ਜਾਂਦੀ ਜਾਂਦੇ ਜਾਣਾ ਜਾਣ ਜਾਵੇ
ਕਰਨਾ ਕਰਨ ਕਰਦਾ ਕਰਦੀ ਕਰਦੇ ਕਰੋ ਕਰੇ ਕਰ ਕੀਤਾ ਕੀਤੀ ਕੀਤੇ ਸਕਦਾ ਸਕਦੀ ਸਕਦੇ ਚਾਹੀਦਾ ਚਾਹੀਦੀ ਚਾਹੀਦੇ
ਚਾਹੀਦੀਆਂ ਦਿੱਤਾ ਦਿੱਤੀ ਦਿੱਤੇ ਦਿੰਦਾ ਦਿੰਦੀ ਦਿੰਦੇ ਦਿਓ ਲਿਆ ਲਈ ਲੈਣਾ ਲੈਣ
ਬਹੁਤ ਜ਼ਿਆਦਾ ਜਿਆਦਾ ਘੱਟ ਕੁਝ ਕੁੱਝ ਕੋਈ ਕਿਸੇ ਸਭ ਸਾਰਾ ਸਾਰੀ ਸਾਰੇ ਸਾਰੀਆਂ ਹਰ ਹੋਰ ਸਿਰਫ਼ ਸਿਰਫ ਜੀ
ਦੂਜਾ ਦੂਜੀ ਦੂਜੇ ਵਾਂਗ ਸ਼ਾਇਦ ਬਿਲਕੁਲ ਅਕਸਰ ਹਮੇਸ਼ਾ ਆਦਿ
"""

_BN = """
এর র এ কে থেকে জন্য জন্যে সাথে সঙ্গে দিয়ে দ্বারা মধ্যে ভিতরে ভেতরে বাইরে উপর উপরে ওপর নিচে
আগে পরে পর পাশে সামনে পিছনে কাছে কাছ দিকে পর্যন্ত ছাড়া বিনা সম্পর্কে নিয়ে অনুযায়ী মাধ্যমে
বিরুদ্ধে
এবং আর ও ওই বা অথবা কিন্তু তবে যদি তাহলে তখন যখন কারণ যেহেতু যদিও যাতে নইলে নাহলে তাই বরং
আমি আমার আমাকে আমরা আমাদের আমাদেরকে তুমি তোমার তোমাকে তোমরা তোমাদের আপনি আপনার আপনাকে
আপনারা আপনাদের সে তার তাকে তারা তাদের তাদেরকে তিনি তাঁর তাঁকে তাঁরা তাঁদের উনি উনার ওনার
এটা এটি এটার সেটা সেটি ওটা এই সেই ঐ ওই এগুলো এগুলি সেগুলো নিজে নিজের নিজেদের যে যা যার যাকে
যারা যাদের যেটা যেগুলো
কে কাকে কারা কি কী কেন কখন কোথায় কিভাবে কীভাবে কেমন কত কতটা কোন কোনটা কয়
এখানে সেখানে ওখানে যেখানে এখন এখনো এখনও তখনও কখনো কখনও কোথাও এমন এমনি তেমন যেমন এত অত তত যত
এভাবে সেভাবে যেভাবে
হয় হয়ে হয়েছে হচ্ছে হবে হতে হলে হলো হল হোক হয়েছিল হন হওয়া হওয়ার আছে আছি আছেন ছিল ছিলো ছিলাম
ছিলেন থাকে থাকা থাকতে থাকবে থাকলে যায় যাওয়া যাচ্ছে যাবে যেতে গেছে গেলে গেল
করা করার করে করেন করি করছে করেছে করবে করতে করলে করুন করেছেন করবেন করছি দেওয়া দেয় দেন
দিতে দিলে নেওয়া নেয় নিতে পারে পারি পারেন পারছি পারবে পারা উচিত লাগে লাগবে চাই
না নেই নাই নয় নি হ্যাঁ জি তো ই শুধু শুধুমাত্র মাত্র কিছু কোনো কোনও কেউ কারো সব সবাই সবার সকল
সকলের প্রতি প্রত্যেক অনেক বেশি কম খুব খুবই একটু অন্য অন্যান্য আরও আরো আবার একটা একটি সবসময়
হয়তো একদম প্রায় ইত্যাদি দয়া
"""

_PL = """
i a oraz lub albo czy ale lecz jednak zaś natomiast więc zatem bo ponieważ gdyż że żeby aby by
gdy kiedy jeśli jeżeli gdyby choć chociaż mimo dopóki zanim niż jak jako niby ani
w we na z ze do od ode dla o u przy po za przed pod nad między bez przez przeciw wobec wśród
oprócz podczas według poza obok około koło ku dzięki zamiast
ja mnie mi mną ty ciebie cię tobie ci tobą on jego go jemu mu nim ona jej ją nią ono my nas nam
nami wy was wam wami oni one ich im nimi się sobie siebie sobą
mój moja moje moi moich moim moją mojego mojej mojemu moimi twój twoja twoje twoi twoich
nasz nasza nasze nasi naszych naszym naszą naszego naszej wasz wasza wasze wasi waszych
swój swoja swoje swoi swoich swoim swoją swojego swojej
ten ta to te ci tego tej temu tym tych tymi tę tą tamten tamta tamto tamte taki taka takie tacy
takich takim taką takiego takiej sam sama samo sami same
kto kogo komu kim co czego czemu czym który która które którzy którego której którym których
którymi którą jaki jaka jakie jakich gdzie skąd dokąd dlaczego ile jakoś
ktoś kogoś coś czegoś gdzieś kiedyś jakiś jakaś jakieś nikt nikogo nic niczego nigdzie nigdy
każdy każda każde każdego każdej wszyscy wszystko wszystkie wszystkich wszystkim inny inna inne
innych innym
tu tutaj tam teraz wtedy potem już jeszcze zawsze często czasem czasami znowu znów
jest są był była było byli były być będzie będą będę będziemy jestem jesteś jesteśmy bywa
byłby byłaby byłoby byłyby
mam masz ma mamy macie mają mieć miał miała mieli miały
może mogą mogę możemy można móc mógł mogła mogłoby mogłaby trzeba należy powinien powinna powinno
powinni powinny musi muszą musimy muszę warto chyba
nie tak tylko też także również nawet bardzo bardziej najbardziej dość całkiem prawie zbyt
za więcej mniej dużo wiele wielu mało trochę kilka niech po prostu oczywiście właśnie itp itd np
proszę
"""

_AR = """
في من إلى الى على عن مع عند لدى حتى منذ خلال بين تحت فوق أمام وراء خلف حول ضد بدون دون غير سوى
بعد قبل داخل خارج عبر نحو لأجل بسبب حسب رغم
و أو او ثم بل لكن ولكن أم إما إذا اذا إذ لو لولا لأن لان أن ان إن أنّ إنّ لكي كي حيث بينما عندما
كما كأن مثل كذلك أيضا أيضاً ايضا وأيضا فقط
أنا انا نحن أنت انت أنتم انتم هو هي هم هن هما إياه
هذا هذه ذلك تلك هؤلاء أولئك هنا هناك هنالك هاي هيك هذي
الذي التي الذين اللذين اللتين اللواتي ما ماذا لماذا متى أين اين كيف كم أي اي أية مهما من مين وين
ليش شو
لي لك له لها لنا لكم لهم لهن بي بك به بها بنا بكم بهم فيه فيها فيهم فينا منه منها منهم منا مني
عليه عليها عليهم علينا عليكم إليه إليها إليهم إلينا عنه عنها عنهم عنا معه معها معهم معنا معي
عندي عندنا عنده عندها عندهم عندك عندكم لدينا لديهم لديه لديها
كان كانت كانوا كنا كنت يكون تكون يكونوا نكون أكون ليس ليست لست ليسوا لسنا صار صارت يصير
قد لقد سوف لم لن لا ما نعم كلا مش مو بس
كل جميع بعض أحد احد إحدى كثير كثيرا كثيراً جدا جداً قليل قليلا أكثر اكثر أقل اقل معظم نفس ذات
آخر أخرى اخرى آخرون كلها كلهم كله كلنا
يجب ينبغي يمكن ممكن لازم نريد أريد اريد الآن الان دائما دائماً أحيانا أحياناً أبدا أبداً هل ألا فإن
وهو وهي وهم وهذا وهذه ولا وما وفي ومن وعلى وإلى ومع فلا بأن وأن لهذا لذلك بهذا بهذه كانها
"""

_SO = """
iyo ama mise laakiin laakin hase ee oo balse haddii haddaan markii marka maxaa yeelay waayo sababtoo
in inay inuu inaan inaad inaanu ilaa intii inta si sidii sida
ku ka u la ugu uga ula kula kala kaga loo looga lagu laga lala iska isku isu is soo sii wada
ayaa ayay ayuu ayaan ayaad ayaanu baa buu bay baan baad waa waxa waxaa waxay wuxuu waxaan waxaad
waxaanu waxaynu waan waad way wuu waanu
ma maya miyaa miyey miyuu aan aanu aanay uusan aysan aanan haa mana
aniga adiga isaga iyada annaga innaga idinka iyaga anigu adigu isagu iyadu annagu innagu idinku
iyagu
anoo isagoo iyadoo iyagoo annagoo idinkoo
uu uma lama kadib dib i ii kugu igu noo nagu naga nala idiin idinku idinka isna iyana anna adna
kan tan kuwan kaas taas kuwaas kaa taa kuwaa kani tani kuwani kanaga taasi kaasi
kayga tayda kaaga taada kiisa tiisa keeda teeda keenna teenna keena teena kiinna tiinna kooda tooda
kuwayga kuweena kuwooda
kii tii kuwii kee tee kuwee
maxay muxuu maxaad maxaan yaa kuma tuma goorma xaggee halkee sidee imisa meeqa waayahay
halkan halkaas halkaa hadda haatan markaas markaa weli wali mar kasta had iyo jeer
yahay tahay yihiin ahay nahay tihiin ahaa ahayd ahaayeen ahayn ah aha noqon noqdo noqday noqotay
leh leeyahay leedahay leeyihiin leenahay lahaa lahayd lahaayeen lahayn
jira jirta jiraan jirin jiro jirtay jiray
karo kara karaan kartaa karnaa karin kari karay rabaa rabnaa
ha hana yaan yaanay
aad badan badnaa wax waxba waxyaabo kale kasta walba dhan dhamaan dhammaan oo dhan gaar ahaan
kaliya keliya uun xitaa xataa xittaa sidoo kale sidaas sidaa sidan
dhexe dhexdeeda hoos kor hore dambe gudaha dibadda agteeda
hal midna mid midka qaar qaarkood
fadlan laga lagama looma lagu
"""

_RO = """
și si sau ori dar însă insa ci iar deci așadar căci pentru că ca să sa dacă daca deși desi fiindcă
deoarece când cand cât cat până pana încât incat decât decat precum parcă nici fie
în in la de din pe cu fără fara pentru prin spre către catre după dupa până sub peste între intre
dintre lângă langa despre contra împotriva asupra înainte inainte înaintea printre dinspre
a al ai ale lui cei cele cel cea pt un o unei unui unor niște niste
eu mie îmi imi mi mă ma mine tu ție îți iti ți te tine el lui îi ii ea ei noi nouă ne voi vouă vă va
ei ele lor le li își isi se sine i l o
meu mea mei mele tău ta tăi tale său sa săi sale nostru noastră noastra noștri nostri noastre
vostru voastră voastra voștri voastre dumneavoastră dvs dv
acest această aceasta acesta acești aceste acestea aceștia acel acea acela aceea acei acele acelea
ăsta asta ăștia astea ăla aia ăia alea același aceeași aceiași aceleași
cine ce care cui căruia căreia cărora unde cum cât câtă câți câte de ce cărui cărei
cineva ceva careva undeva cândva cumva oricine orice oricare oriunde oricum nimeni nimic niciun
nicio
niciodată niciodata nicăieri fiecare toți toti toate tot toată toata alt altă alta alți alte altul
altceva vreun vreo unii unele unul una
sunt este e ești esti suntem sunteți sunteti era eram erau erai fost fi fie fiind va vor voi vom
veți
am ai are avem aveți aveti au avea aveau aș as ar ați ati
pot poți poate putem puteți pută putea trebuie ar trebui
nu da mai prea foarte atât atat destul cam chiar doar numai decât tot încă inca deja iar iarăși
mereu întotdeauna uneori aici acolo acum atunci apoi așa asa astfel mult multă multa mulți multi
multe
puțin putin puțină puțini puține vă rog etc
"""

_UR_LATN = """
ka ki ke ko se mein mei main me par pe pay tak ne wala wali wale walay liye lye liay sath saath
baghair bagair baad pehle pehlay taraf bare baray andar bahar upar neeche
aur ya lekin lekan magar balke balkay keh agar to toh phir jab tab kyunke kyunkay kyun kyu kiun
taake takay warna
mera meri mere mujhe mujh hum ham hamara hamari hamare humara humari humare hamein humein hamen
tum tumhara aap ap apka apki apke aapka aapki aapke woh wo voh yeh ye yai is us in un usko isko
inko unko iska iski iske uska uski uske inka inki inke unka unki unke apna apni apne khud jo jis jin
kaun kon kya kia kab kahan kahaan kaise kaisay kitna kitni kitne kis kin konsa konsi
yahan yahaan wahan wahaan idhar udhar jahan ab abhi kabhi kahin yahin aisa aisi aise waisa jaise
jaisa itna itni itne jitna
hai hain hay hein hun hoon ho tha thi thay hua hui hue hota hoti hote hotay hona honi hone hoga
hogi honge raha rahi rahe rahay rehta rehti rehte ga gi ge gaya gayi gai gaye jata jati jate jatay
jaye jaaye jana karna karni karne karta karti karte kartay karen karein kare kar kiya sakta sakti
sakte saktay sake chahiye chahye chahie chaiye chahiyay diya di dia dete dena dein lena lete liya
nahi nahin nahe nai na mat haan han jee ji bhi hi sirf bas kuch kuchh koi kisi sab sub har bohat
bohot bahut boht buhat zyada ziada kam thora thori dusra doosra aksar hamesha shayad bilkul
"""

_PA_LATN = """
da di de dian diyan nu nun noo ne ton to tau vich wich vch ch te utte uttay tak naal nal layi lai
lae vaste vaaste bare kol kolon bina baad pehlan pehla vall wallon andar bahar agge pichhe
wala wali wale walian
ate ja jaan par per sagon ke je jekar tan taan fer phir jado jadon jad kyunki kyonki kyun kyon
nahi nahin nai ni na vi hi
main mai mera meri mere merian mainu menu asi asin sada sadi sade saddi sadde sanu tu tera teri
tere tenu tainu tusi tusin tuhada tuhadi tuhade thoda thodi tuhanu oh eh ohna ehna ohnu ehnu os is
apna apni apne aapna aapni khud jo jehra jehri jehre jihda jis
kaun kon ki kado kadon kithe kitthe kive kiven kidan kidda kinna kinni kinne kis kehra kehri kehre
ethe itthe othe utthe jithe jitthe hun kade kite inna inni inne enna jiven jive iven
hai hain ha haan aa ne ho si san hona hon honi hone hoya hoyi hoi hoye hunda hundi hunde hundiyan
hove hovega reha rahi rahe rehnda rehndi gaya gya gayi gayi gaye janda jandi jande jana jave
karna karan karda kardi karde karo kare kar kita kitta kiti kitti kite sakda sakdi sakde chahida
chahidi chahide dita ditta ditti dinda dindi dinde deo liya laina
bahut bohat bhot jyada zyada ghat kujh kuj kuch koi kise sab sare sara sari saare har hor sirf bas
ji vang wang shayad bilkul
"""

_BN_LATN = """
ami amar amake amra amader tumi tomar tomra apni apnar apnara apnader she tar take tara tader tini
eta eti seta oita ei oi ja je jara jader nijer
ke kar ki keno kokhon kothay kivabe kibhabe kemon koto kon
ekhane okhane sekhane ekhon tokhon jokhon emon jemon eto
theke jonno jonne shathe sathe shonge diye moddhe modhye bhitore baire upor upore niche age pore
kache kachhe dike porjonto chara niye
ebong ar o ba othoba kintu tobe jodi tahole karon tai
hoy hoye hoyeche hocche hobe hote hole ache achi achen chilo chilam thake thaka jay jabe jete
kora korar kore koren kori korche korbe korte korle korun korchi dewa dey den dite nite pare pari
paren parchi lagbe lage uchit chai
na nai nei ni ji to shudhu kichu kono keu sob shob sobai shobai onek beshi kom khub ektu onno aro
abar ekta ekti
"""


# Vowel signs and the stretching stroke, which one writer sets and the next leaves out.
_ARABIC_STROKES = re.compile("[\u064b-\u0652\u0670\u0640]")
# Arabic keyboards give other code points for the same letters of Urdu and Persian, and older
# Romanian ones a cedilla for the comma below.
_KEYBOARDS = {
    "ar": str.maketrans({"\u06cc": "\u064a", "\u06a9": "\u0643", "\u06c1": "\u0647"}),
    "ro": str.maketrans({"\u015f": "\u0219", "\u0163": "\u021b"}),
    "ur": str.maketrans(
        {"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9", "\u0647": "\u06c1"}
    ),
}
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def tokens(text: str, language: str | None) -> list[str]:
    """Find the words of a text, in order, in the one spelling that words are counted in.

    Parameters
    ----------
    text : str
    language : str or None
        A code such as ``ur`` or ``ur-Latn``. It decides which code points are one letter;
        None changes none.

    Returns
    -------
    list of str
        Case folded, each with at least one letter: "20mph" is a word, "20" is not. Chinese
        and Japanese, written without spaces, come as overlapping pairs of characters.

    Examples
    --------
    >>> tokens("The buses don't run after 9, do they?", "en")
    ['the', 'buses', "don't", 'run', 'after', 'do', 'they']
    >>> tokens("停车太贵", "zh")
    ['停车', '车太', '太贵']
    """
    folded = _ARABIC_STROKES.sub("", normalise(text).casefold()).replace("’", "'")
    keyboard = _KEYBOARDS.get(language or "")
    if keyboard is not None:
        folded = folded.translate(keyboard)
    found: list[str] = []
    for word in word_pattern().findall(folded):
        if _WITHOUT_SPACES.search(word):
            found.extend(_pairs(word))
        elif any(character.isalpha() for character in word):
            found.append(word)
    return found


def _pairs(word: str) -> list[str]:
    found: list[str] = []
    end = 0
    for run in _WITHOUT_SPACES.finditer(word):
        found.append(word[end : run.start()])
        characters = run.group()
        pairs = [characters[i : i + 2] for i in range(len(characters) - 1)]
        found.extend(pairs or [characters])
        end = run.end()
    found.append(word[end:])
    return [part for part in found if any(character.isalpha() for character in part)]


def _words(language: str, listing: str) -> frozenset[str]:
    return frozenset(tokens(listing, language))


FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: _words(language, listing)
        for language, listing in (
            ("en", _EN),
            ("ur", _UR),
            ("pa", _PA),
            ("bn", _BN),
            ("pl", _PL),
            ("ar", _AR),
            ("so", _SO),
            ("ro", _RO),
            ("ur-Latn", _UR_LATN),
            ("pa-Latn", _PA_LATN),
            ("bn-Latn", _BN_LATN),
        )
    }
)
"""Function words of each language, spelt as :func:`tokens` gives them."""
