"""Figures of the Census that tests compare with."""

# Birmingham, 2021, all usual residents, TS030. Source: Office for National Statistics licensed
# under the Open Government Licence v.3.0.
RELIGION = {
    "No religion": 276_327,
    "Christian": 389_406,
    "Buddhist": 4_340,
    "Hindu": 21_997,
    "Jewish": 1_687,
    "Muslim": 341_811,
    "Sikh": 33_126,
    "Other religion": 6_367,
    "Not answered": 69_856,
}
