"""Six subjects, five statements each, in English and Urdu; written for a test."""

TRANSLATED = {
    "buses": [
        ("The bus never comes on time.", "بس کبھی وقت پر نہیں آتی۔"),
        ("There are no buses in the evening.", "شام کو کوئی بس نہیں چلتی۔"),
        ("We need more buses to the hospital.", "ہمیں ہسپتال کے لیے زیادہ بسوں کی ضرورت ہے۔"),
        ("The bus fare is too expensive.", "بس کا کرایہ بہت مہنگا ہے۔"),
        (
            "The bus stop has no shelter from the rain.",
            "بس اسٹاپ پر بارش سے بچنے کی کوئی جگہ نہیں۔",
        ),
    ],
    "damp homes": [
        (
            "Our flat is damp and there is mould on the walls.",
            "ہمارے فلیٹ میں نمی ہے اور دیواروں پر پھپھوندی لگی ہے۔",
        ),
        ("The landlord will not repair the house.", "مالک مکان گھر کی مرمت نہیں کرتا۔"),
        ("The house is cold and full of mould.", "گھر ٹھنڈا ہے اور پھپھوندی سے بھرا ہوا ہے۔"),
        ("Water leaks through the roof of our flat.", "ہمارے فلیٹ کی چھت سے پانی ٹپکتا ہے۔"),
        ("The flat is too small for our family.", "یہ فلیٹ ہمارے خاندان کے لیے بہت چھوٹا ہے۔"),
    ],
    "doctors": [
        ("I cannot get an appointment with the doctor.", "مجھے ڈاکٹر سے ملنے کا وقت نہیں ملتا۔"),
        (
            "The doctor's surgery never answers the telephone.",
            "ڈاکٹر کے کلینک میں کوئی فون نہیں اٹھاتا۔",
        ),
        ("The doctor does not listen to patients.", "ڈاکٹر مریضوں کی بات نہیں سنتا۔"),
        ("We wait weeks to see a doctor.", "ڈاکٹر کو دکھانے کے لیے ہفتوں انتظار کرنا پڑتا ہے۔"),
        ("There is no interpreter at the doctor's.", "ڈاکٹر کے پاس کوئی مترجم نہیں ہوتا۔"),
    ],
    "food prices": [
        ("Fresh fruit and vegetables are too expensive.", "تازہ پھل اور سبزیاں بہت مہنگی ہیں۔"),
        ("Food prices go up every week.", "کھانے پینے کی چیزوں کی قیمتیں ہر ہفتے بڑھتی ہیں۔"),
        ("We cannot afford healthy food.", "ہم صحت بخش کھانا نہیں خرید سکتے۔"),
        ("Cheap shops sell only unhealthy food.", "سستی دکانوں میں صرف غیر صحت بخش کھانا ملتا ہے۔"),
        ("Many families need the food bank.", "بہت سے خاندانوں کو فوڈ بینک کی ضرورت ہے۔"),
    ],
    "swimming": [
        (
            "We want swimming sessions for women only.",
            "ہمیں صرف خواتین کے لیے تیراکی کا وقت چاہیے۔",
        ),
        ("The swimming pool has been closed.", "سوئمنگ پول بند کر دیا گیا ہے۔"),
        ("Children should learn to swim at school.", "بچوں کو اسکول میں تیرنا سیکھنا چاہیے۔"),
        ("The swimming pool is too far away.", "سوئمنگ پول بہت دور ہے۔"),
        ("Swimming lessons should be free.", "تیراکی کی کلاسیں مفت ہونی چاہئیں۔"),
    ],
    "dark parks": [
        ("The park is dark and dangerous at night.", "پارک رات کو اندھیرا اور خطرناک ہوتا ہے۔"),
        (
            "There is rubbish and broken glass in the park.",
            "پارک میں کچرا اور ٹوٹا ہوا شیشہ پڑا ہے۔",
        ),
        ("We need more lights in the park.", "ہمیں پارک میں زیادہ روشنیوں کی ضرورت ہے۔"),
        ("The playground in the park is broken.", "پارک میں بچوں کے جھولے ٹوٹے ہوئے ہیں۔"),
        ("I am afraid to walk through the park alone.", "مجھے پارک میں اکیلے چلنے سے ڈر لگتا ہے۔"),
    ],
}
