"""A small consultation with every kind of question, for tests."""

from pathlib import Path

from consult.document.model import Consultation
from consult.document.reading import parse_consultation


def example_text() -> str:
    """Return the example as YAML."""
    return _TEXT


def example() -> Consultation:
    """Return the example: fictional, in English and Urdu, both complete."""
    return parse_consultation(_TEXT, name="example.yaml")


def write_example(folder: Path) -> Path:
    """Write the example into a folder and return the file."""
    path = folder / "example.yaml"
    path.write_text(_TEXT, encoding="utf-8")
    return path


_TEXT = """\
format: consult/1
slug: riverton-parks
languages: [en, ur]
illustration: true
title: Parks for Riverton
asked_by: Riverton Council (made up)
introduction: |-
  We are writing a plan for our parks.

  Tell us what you think of it.
what_happens_next: We publish what you told us, and what we changed.
consent: I agree that the council uses my answers for this plan.
monitoring_introduction: These questions show whether we heard from everyone.
opens_at: 2026-03-02T09:00
closes_at: 2026-03-31T23:59
late_until: 2026-04-02T12:00

contact:
  phone: 01632 960000
  email: parks@riverton.example
  paper: Ask for a paper form by telephone.

privacy:
  controller: Riverton Council
  contact: dpo@riverton.example
  lawful_basis_article_6: Public task
  lawful_basis_article_9: Statistics
  impact_assessment: DPIA-2026-01
  who_sees: The three officers of the parks team
  delete_on: 2027-03-31
  deletion: anonymise

residents:
  question: capacity
  any_of: [resident]

sections:
  - key: vision
    title: Our vision
    summary: Green places near every home.
    easy_read: |-
      We want parks.
      Near all homes.
    full: |-
      ## Vision

      - A park within *ten minutes*
      - More trees

areas:
  - code: E1
    name: Eastgate
  - code: W1
    name: Westhill

questions:
  - key: capacity
    part: who
    kind: single_choice
    label: How do you answer?
    required: true
    options:
      - key: resident
        label: As a resident
      - key: group
        label: For a group
        other: true

  - key: vision_agree
    part: draft
    kind: agree_scale
    label: Do you agree with the vision?
    section: vision

  - key: vision_why
    part: draft
    kind: long_text
    label: Why?
    section: vision
    max_length: 2000
    show_if:
      - question: vision_agree
        any_of: [disagree, strongly_disagree]

  - key: name_of_park
    part: draft
    kind: short_text
    label: Which park do you go to?

  - key: visits
    part: draft
    kind: number
    label: How often did you go last month?
    minimum: 0
    maximum: 60
    unit: visits

  - key: wishes
    part: draft
    kind: several_choices
    label: What is missing?
    choose_at_most: 2
    options:
      - key: benches
        label: Benches
      - key: toilets
        label: Toilets
      - key: nothing
        label: Nothing
        exclusive: true

  - key: order
    part: draft
    kind: ranking
    label: What comes first?
    rank_at_most: 2
    options:
      - key: trees
        label: Trees
      - key: play
        label: Places to play

  - key: ward
    part: monitoring
    kind: ward
    label: Where do you live?
    sensitivity: personal
    dimension: ward

  - key: age
    part: monitoring
    kind: single_choice
    label: How old are you?
    sensitivity: personal
    dimension: age
    options:
      - key: under_45
        label: Under 45
        category: "16-44"
      - key: from_45
        label: 45 or older
        category: "45+"

reference_population:
  - dimension: age
    base: usual residents aged 16 and over
    source: made up
    as_of: 2021-03-21
    counts:
      "16-44": 5200
      "45+": 4800
  - dimension: ward
    base: usual residents aged 16 and over
    source: made up
    as_of: 2021-03-21
    counts:
      E1: 6000
      W1: 4000

translations:
  ur:
    title: ریورٹن کے پارک
    asked_by: ریورٹن کونسل (فرضی)
    introduction: |-
      ہم اپنے پارکوں کے لیے ایک منصوبہ لکھ رہے ہیں۔

      ہمیں بتائیں کہ آپ کا کیا خیال ہے۔
    what_happens_next: ہم شائع کریں گے کہ آپ نے کیا کہا اور ہم نے کیا بدلا۔
    consent: میں متفق ہوں کہ کونسل میرے جوابات اس منصوبے کے لیے استعمال کرے۔
    monitoring_introduction: یہ سوال دکھاتے ہیں کہ کیا ہم نے سب کی بات سنی۔
    contact.paper: کاغذی فارم کے لیے فون کریں۔
    privacy.lawful_basis_article_6: عوامی فریضہ
    privacy.lawful_basis_article_9: شماریات
    privacy.who_sees: پارکس ٹیم کے تین افسران
    sections.vision.title: ہمارا تصور
    sections.vision.summary: ہر گھر کے قریب سبز جگہیں۔
    sections.vision.easy_read: |-
      ہم پارک چاہتے ہیں۔
      سب گھروں کے قریب۔
    sections.vision.full: |-
      ## تصور

      - *دس منٹ* کے اندر ایک پارک
      - مزید درخت
    questions.capacity.label: آپ کس حیثیت سے جواب دے رہے ہیں؟
    questions.capacity.options.resident.label: بطور رہائشی
    questions.capacity.options.group.label: کسی گروہ کے لیے
    questions.vision_agree.label: کیا آپ اس تصور سے متفق ہیں؟
    questions.vision_why.label: کیوں؟
    questions.name_of_park.label: آپ کس پارک میں جاتے ہیں؟
    questions.visits.label: آپ پچھلے مہینے کتنی بار گئے؟
    questions.visits.unit: بار
    questions.wishes.label: کیا کمی ہے؟
    questions.wishes.options.benches.label: بینچ
    questions.wishes.options.toilets.label: بیت الخلا
    questions.wishes.options.nothing.label: کچھ نہیں
    questions.order.label: سب سے پہلے کیا ہونا چاہیے؟
    questions.order.options.trees.label: درخت
    questions.order.options.play.label: کھیلنے کی جگہیں
    questions.ward.label: آپ کہاں رہتے ہیں؟
    questions.age.label: آپ کی عمر کیا ہے؟
    questions.age.options.under_45.label: 45 سال سے کم
    questions.age.options.from_45.label: 45 سال یا زیادہ
"""
