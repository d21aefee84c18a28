"""The words of the tablet's app, by the names it calls them, in each language of the interface.

The app puts values in by itself: no message has a plural. It keeps all languages at hand, for
helper and resident may read different ones.
"""

from collections.abc import Iterable, Mapping

from flask_babel import force_locale, gettext

from consult.telling.marking import N_

WORDS: Mapping[str, str] = {
    # Getting a tablet ready
    "helper.language": N_("Your language"),
    "enrol.title": N_("Get this tablet ready"),
    "enrol.sign_in_why": N_(
        "Sign in once, with a network. After that this tablet knows your organisation."
    ),
    "enrol.sign_in": N_("Sign in"),
    "enrol.no_organisation": N_(
        "%(name)s, you belong to no partner organisation yet. Ask the council's officer to add you."
    ),
    "enrol.what": N_(
        "The tablet makes a key of its own, by which the council knows what comes from it. The key "
        "cannot leave the tablet."
    ),
    "enrol.then": N_(
        "After that you are signed out, so that nobody to whom you hand the tablet can open the "
        "council's pages."
    ),
    "enrol.name": N_("Name of this tablet"),
    "enrol.name_hint": N_("Write it on its back too, so that you can say which one was lost."),
    "enrol.organisation": N_("Organisation"),
    "enrol.enrol": N_("Add this tablet"),
    "enrol.again": N_("Try again"),
    "storage.title": N_("This tablet is ready, with one thing to know"),
    "storage.not_promised": N_(
        "The browser does not promise to keep what is stored here if the tablet runs out of room. "
        "Add this app to the home screen, and open it from there: then most browsers promise it. "
        "Send soon after each session."
    ),
    "storage.private": N_(
        "This looks like a private window. Everything stored in it goes when it is closed. Open "
        "this page in a usual window."
    ),
    "storage.go_on": N_("Go on"),
    "sessions.title": N_("Sessions"),
    "sessions.tablet": N_("This tablet is called %(name)s."),
    "sessions.none": N_("No session is planned for your organisation."),
    "sessions.load": N_("Load the questions"),
    "sessions.open": N_("Open the session"),
    "sessions.not_open": N_("The consultation has not opened yet."),
    "sessions.again": N_("Look for new sessions"),
    "passphrase.choose": N_("Choose a passphrase for today"),
    "passphrase.open": N_("Open this session"),
    "passphrase.why": N_(
        "It locks what people have begun and not finished. Whoever finds the tablet cannot read "
        "that without it, and nobody can recover it, so remember it. What is finished is locked by "
        "itself."
    ),
    "passphrase.label": N_("Passphrase"),
    "passphrase.hint": N_(
        "At least 10 characters. Three words that do not belong together are enough."
    ),
    "passphrase.go_on": N_("Continue"),
    "passphrase.forgotten": N_("I have forgotten it"),
    "forgotten.title": N_("Start with a new passphrase?"),
    "forgotten.what": N_(
        "What people have begun and not finished is then gone: %(count)s. What is finished stays "
        "and is sent."
    ),
    "forgotten.do": N_("Give up what is unfinished"),
    # The session
    "home.next": N_("Next person"),
    "home.paused": N_("Waiting to go on"),
    "home.no_name": N_("Somebody without a nickname"),
    "home.resume": N_("Go on"),
    "home.remove": N_("Remove"),
    "home.more": N_("More"),
    "home.talk": N_("Group talk"),
    "home.harm": N_("Somebody tells me of harm"),
    "home.sessions": N_("All sessions"),
    "home.lock": N_("Lock"),
    "home.closed": N_(
        "The consultation has closed. What was finished before is still sent; nobody new can begin."
    ),
    "home.expired": N_(
        "Begun more than twelve hours ago, never finished, and removed now: %(count)s"
    ),
    "home.another_day": N_("This session was planned for another day. Is it the right one?"),
    "home.over": N_("The consultation is over. Nothing more can be taken, nor anything late."),
    "home.gone": N_(
        "This session was called off, or is not planned any more. Ask the council's officer before "
        "you go on."
    ),
    "home.consultation_paused": N_(
        "This consultation is paused for now. Answers that you saved are safe. Please come back "
        "later."
    ),
    "home.no_worker": N_(
        "The browser could not keep this app for use without a network. Load the page again before "
        "you go out."
    ),
    "removal.title": N_("Remove what this person has begun?"),
    "removal.what": N_("It has not been sent, and nobody can bring it back."),
    "removal.do": N_("Remove it"),
    "harm.title": N_("When somebody tells you of harm"),
    "harm.listen": N_("Stop the questions. Listen, and do not press for more."),
    "harm.promise": N_(
        "Do not promise to keep it secret: say whom you will have to tell, and why."
    ),
    "harm.danger": N_("If somebody is in danger now, call 999."),
    "harm.who": N_(
        "Otherwise tell the person for safeguarding in your organisation today, in your own words "
        "and theirs."
    ),
    "harm.not_here": N_(
        "Do not write it into an answer or into a group talk: nobody reads those in time."
    ),
    "harm.you": N_("It may weigh on you too. Talk about it with your lead afterwards."),
    "talk.title": N_("Group talk"),
    "talk.what": N_(
        "What a table said together. It is counted apart from single answers. Write no names."
    ),
    "talk.draft": N_(
        "What you write is locked on this tablet. If you go back, it stands under “Waiting to go "
        "on” until you keep it."
    ),
    "talk.table": N_("Which table"),
    "talk.people": N_("How many people were there"),
    "talk.people_wrong": N_("Write how many people, from 1 to 500"),
    "talk.about": N_("What they talked about"),
    "talk.everything": N_("The whole draft"),
    "talk.language": N_("Which language they spoke"),
    "talk.said": N_("What was said"),
    "talk.said_hint": N_("As close to their own words as you can."),
    "talk.said_wrong": N_("Write what was said"),
    "talk.said_long": N_("Write no more than %(limit)s characters. Make two notes of it."),
    "talk.keep": N_("Keep it"),
    "talk.kept": N_("It is kept, and will be sent."),
    "owed.title": N_("Waiting to be sent"),
    "owed.count": N_("Finished and still on this tablet: %(count)s"),
    "owed.oldest": N_("The oldest was finished %(age)s."),
    "owed.sending": N_("Sending…"),
    "owed.again": N_("The tablet tries again %(when)s."),
    "owed.taken": N_("Taken by the council from this session: %(count)s"),
    "owed.held": N_("Of these, an officer looks at first: %(count)s"),
    "owed.send": N_("Send now"),
    "owed.save": N_("Save a sealed copy as a file"),
    "owed.refused": N_("Could not be taken: %(count)s"),
    "owed.look": N_("See what could not be taken"),
    "refused.title": N_("What could not be taken"),
    "refused.what": N_(
        "These are sealed: nobody can read them here. Speak with the council's officer before you "
        "remove any."
    ),
    "refused.too_late": N_("It came after the consultation had ended."),
    "refused.added_anew": N_(
        "It was sealed before this tablet was added anew. Give the saved file to the officer."
    ),
    "refused.unreadable": N_("The server could not read it."),
    "refused.sure": N_("Remove it for good?"),
    "refused.sure_what": N_(
        "Somebody's answers are in it, and nobody can bring them back unless you have saved a copy."
    ),
    "refused.remove": N_("Remove from this tablet"),
    "anew.open": N_("Add this tablet anew"),
    "anew.title": N_("Add this tablet anew?"),
    "anew.what": N_(
        "The council has revoked this tablet, or does not know it any more. Somebody who signs in "
        "can add it again; it makes a new key then."
    ),
    "anew.owed": N_(
        "What is on it can then only be handed over as a file. Save the file first, and give it to "
        "the officer. In it: %(count)s"
    ),
    "anew.do": N_("Add it anew"),
    "clips.title": N_("Recordings"),
    "clips.there": N_(
        "To listen to the questions without a network, load the recordings. Not loaded yet: "
        "%(count)s, together %(size)s"
    ),
    "clips.load": N_("Load the recordings"),
    "wait.loading": N_("Loading…"),
    "update.there": N_("There is a new version of this app."),
    "update.use": N_("Use the new version now"),
    "update.old": N_("A newer version of this app is open in another tab."),
    "update.reload": N_("Load it here"),
    # One person
    "person.language": N_("Which language would you like?"),
    "person.not_now": N_("Not now"),
    "person.illustration": N_("This is an illustration, not a real consultation."),
    "person.who_sees": N_("Who sees your answers"),
    "person.consent": N_("Before you start"),
    "person.age": N_("You must be %(age)s or older."),
    "person.kept": N_(
        "Your answers are locked on this tablet until they are sent. You can stop at any time, and "
        "you need not answer everything."
    ),
    "person.yes": N_("Yes, I want to take part"),
    "person.no": N_("No, thank you"),
    "person.how": N_("How would you like to answer?"),
    "person.nickname": N_("A nickname, if you like"),
    "person.nickname_hint": N_(
        "It helps to find your answers if you take a break. It never leaves this tablet."
    ),
    "person.interpreter": N_("An interpreter is helping"),
    "person.helped": N_("Somebody helps me"),
    "person.self": N_("I answer by myself"),
    "person.self_hint": N_(
        "By yourself: the tablet shows only your questions until you give it back."
    ),
    "bar.helper": N_("For the helper"),
    "person.pause": N_("Take a break"),
    "aloud.read": N_("Read aloud"),
    "section.more": N_("Read more about this part"),
    "question.place": N_("Question %(number)s of %(total)s"),
    "question.about_you": N_("About you: question %(number)s of %(total)s"),
    "question.next": N_("Continue"),
    "question.skip": N_("Skip this question"),
    "question.back": N_("Back"),
    "question.all_that_apply": N_("Choose all that apply."),
    "question.up_to": N_("Choose no more than this many: %(count)s"),
    "question.from_to": N_("A number from %(smallest)s to %(largest)s"),
    "question.order": N_("Give each a place, from 1. You may leave some out."),
    "question.no_place": N_("No place"),
    "question.find": N_("Find in the list"),
    "question.found": N_("In the list now: %(count)s"),
    "question.please_say": N_("Please say, if you like"),
    "monitoring.title": N_("About you"),
    "monitoring.go_on": N_("Continue"),
    "monitoring.skip": N_("Skip these questions"),
    "answer.strongly_agree": N_("Strongly agree"),
    "answer.agree": N_("Agree"),
    "answer.neither": N_("Neither agree nor disagree"),
    "answer.disagree": N_("Disagree"),
    "answer.strongly_disagree": N_("Strongly disagree"),
    "answer.dont_know": N_("I don't know"),
    "answer.prefer_not_to_say": N_("I prefer not to say"),
    "answer.outside_area": N_("I do not live in any of these"),
    "check.title": N_("Check your answers"),
    "check.hint": N_("You can change any of them before they are sealed."),
    "check.no_answer": N_("Not answered"),
    "check.change": N_("Change"),
    "check.nothing": N_(
        "There is nothing to seal yet. Answer at least one question, or stop here: then nothing is "
        "kept."
    ),
    "check.closed": N_(
        "The consultation closed before you finished, so your answers can no longer be taken. We "
        "are sorry."
    ),
    "check.stop": N_("Stop here, and keep nothing"),
    "check.finish": N_("Finish and seal my answers"),
    "check.required": N_("This question needs an answer"),
    "check.too_long": N_(
        "This is too long. Characters allowed: %(limit)s. Characters too many: %(over)s"
    ),
    "check.not_a_number": N_("Write a number, such as 3"),
    "check.too_small": N_("Write a number that is not below %(limit)s"),
    "check.too_large": N_("Write a number that is not above %(limit)s"),
    "check.too_many": N_("Choose no more than this many: %(count)s"),
    "check.exclusive": N_("Choose either that last answer or the others, not both"),
    "check.place_skipped": N_("You left out choice %(place)s. Give the choices in order, from 1."),
    "done.title": N_("Thank you. Your answers are sealed."),
    "done.code": N_("This is your code. Only you have it:"),
    "done.address": N_("With it you can read, change or withdraw your answers here:"),
    "done.write_down": N_("Write the code down or photograph it. It is not shown again."),
    "done.when": N_("The code works as soon as this tablet has sent your answers."),
    "done.clear": N_("I have the code. Clear the screen"),
    "kiosk.title": N_("Please give the tablet back to the helper"),
    "kiosk.give_back": N_("Nobody can see here what you answered."),
    "kiosk.passphrase": N_("For the helper: passphrase"),
    "declined.thanks": N_("Thank you. Nothing about you was kept."),
    "declined.helper": N_("I am the helper"),
    "tab.title": N_("This app is open in another tab"),
    "tab.what": N_("Only one tab can be used, so that nobody sees somebody else's answers."),
    "tab.here": N_("Use this tab instead"),
    # What goes wrong
    "error.offline": N_("There is no network, or the server does not answer. Nothing is lost."),
    "error.fault": N_("Something went wrong. Nothing that was finished is lost. Try again."),
    "error.unavailable": N_("The server has a problem. The tablet tries again by itself."),
    "error.wrong_passphrase": N_("That is not the passphrase of this tablet."),
    "error.passphrase_short": N_("Choose a longer one: at least 10 characters."),
    "error.unfinished_locked": N_(
        "Something unfinished is locked under another passphrase. Open that first."
    ),
    "error.finished_elsewhere": N_(
        "This was finished or removed meanwhile, in another tab perhaps. Nothing is sent twice."
    ),
    "error.locked": N_("The tablet is locked. Type the passphrase."),
    "error.no_vault": N_("There is no passphrase yet. Choose one."),
    "error.no_script": N_(
        "This app needs JavaScript. Switch it on in the settings of the browser, or use paper "
        "forms."
    ),
    "error.insecure": N_(
        "This address begins with http, so the browser cannot lock what people answer. Ask the "
        "council for the address that begins with https."
    ),
    "error.no_storage": N_(
        "This browser keeps nothing, so answers would be lost. Use a usual window of a newer "
        "browser."
    ),
    "error.storage_full": N_(
        "The tablet is nearly full. Send what is waiting, or make room on it, before you go "
        "on. What stands on the screen is still there."
    ),
    "error.storage_failed": N_(
        "The tablet could not keep that. What stands on the screen is still there: try again."
    ),
    "error.clock_wrong": N_(
        "The clock of this tablet is wrong. Set it right in its settings; answers are counted with "
        "the server's time."
    ),
    "error.revoked": N_(
        "The council has revoked this tablet. What it still sends is looked at by an officer first."
    ),
    "error.not_enrolled": N_("This tablet is not enrolled. Sign in and add it."),
    "error.unknown_device": N_("The council does not know this tablet any more. Ask the officer."),
    "error.signed_out": N_("You are not signed in any more. Sign in and try again."),
    "error.csrf": N_("You were away for too long. Load this page again and try once more."),
    "error.not_your_organisation": N_("You do not belong to that organisation."),
    "error.name_missing": N_("Give the tablet a name."),
    "error.key_in_use": N_(
        "This tablet is enrolled for another organisation. Ask the officer to remove it there."
    ),
    "error.too_much": N_(
        "Too much from this tablet waits for an officer. It sends the rest when they have decided."
    ),
    "error.no_session": N_("That session is not there any more. Look for new sessions."),
    "error.not_found": N_("That session is not there any more. Look for new sessions."),
    "error.not_ready": N_("The consultation is not open, so there are no questions to load."),
    "error.bad_key": N_(
        "The council's server does not take the key of this tablet. Load the page again and add "
        "the tablet once more."
    ),
    "error.bad_request": N_(
        "The council's server did not understand this tablet. Use the newest version of this app, "
        "then try again."
    ),
    "error.forged": N_(
        "The council's server could not check the signature of this tablet. Try again; if it "
        "happens again, ask the officer."
    ),
    "error.not_signed": N_(
        "The council's server could not check the signature of this tablet. Try again; if it "
        "happens again, ask the officer."
    ),
    "error.too_large": N_(
        "The network or the server takes nothing so large. Save a sealed copy as a file, and give "
        "it to the officer."
    ),
    "error.clips_missing": N_(
        "Some recordings could not be loaded. Try again where the network is better, or make room "
        "on the tablet."
    ),
    "error.bad_receipt": N_(
        "The answer did not come from the council's server. Nothing was deleted. Try another "
        "network."
    ),
    "error.unknown_signer": N_(
        "The answer did not come from the council's server. Nothing was deleted. Try another "
        "network."
    ),
    "error.no_server_key": N_("Load the questions once more, with a network."),
    "error.nothing_to_save": N_("There is nothing to save."),
}
"""Messages by the app's name for them."""


def words_of(language: str) -> dict[str, str]:
    """All words of the app in a language."""
    with force_locale(language):
        return {key: gettext(message) for key, message in WORDS.items()}


def words_in(languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """All words of the app by language."""
    return {language: words_of(language) for language in languages}
