"""Certificates: how to qualify, confirming the name, downloads, and verification by anybody."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from wtforms import StringField

from mooc.catalog import queries as catalog
from mooc.certificates import actions, codes, queries, sign, store
from mooc.certificates.eligibility import eligibility
from mooc.certificates.layout import layout
from mooc.certificates.models import Certificate
from mooc.certificates.record import Issuer
from mooc.certificates.wording import wording
from mooc.content.model import Course
from mooc.db import db, utcnow
from mooc.errors import Invalid, NotFound
from mooc.learning import queries as learning
from mooc.learning.progress import progress, requirements
from mooc.web import editions, limits
from mooc.web.account_forms import AccountForm, answer
from mooc.web.config import Settings, SettingsError, settings
from mooc.web.i18n import _l, sentence
from mooc.web.security import allow, me, own_token

bp = Blueprint("certificates", __name__)

PRIVATE = ("replaced", "withdrawn")  # these say so, and nothing else


class NameForm(AccountForm):
    """The name exactly as printed."""

    name = StringField(_l("Your name, exactly as it is to be printed"))


@bp.record_once
def prepare_issuer(state: BlueprintSetupState) -> None:
    """The issuer's key exists from the first start of a site."""
    here: Settings = state.app.extensions["mooc.settings"]
    try:
        keys = sign.issuer_keys(here.var_path / "keys", now=utcnow())
    except sign.KeyFileError as error:
        raise SettingsError(str(error)) from error
    state.app.extensions["mooc.issuer_keys"] = keys


# ------------------------------------------------------------------------------- a learner's page


@bp.get("/courses/<course_id>/certificate")
@allow("learner")
def course_certificate(course_id: str) -> Any:
    """One page in one of four states: what is missing, confirm your name, on its way, ready."""
    certificate = queries.certificate_in(me().id, course_id)
    if certificate is not None:
        return _issued(certificate)
    live = _course(course_id)
    enrollment = learning.enrollment_of(me().id, course_id)
    if enrollment is None:
        agreed = requirements(live)
        nothing_yet = progress(agreed, {}, live.by_id)
        reason = eligibility(agreed, nothing_yet)
        return render_template(
            "certificates/qualify.html", course=_read(live), reason=reason, enrolled=False
        )
    reason = queries.reasons(learning.standing(enrollment.id))
    if not reason.met:
        return render_template(
            "certificates/qualify.html", course=_read(live), reason=reason, enrolled=True
        )
    return _confirm(live, NameForm(name=me().name))


@bp.post("/courses/<course_id>/certificate")
@allow("learner")
@own_token
def confirm(course_id: str) -> Any:
    """Confirm the name: issue. Once issued, ask again for a PDF whose making was given up."""
    here = url_for(".course_certificate", course_id=course_id)
    form = NameForm()
    certificate = queries.certificate_in(me().id, course_id)
    if certificate is None:
        live = _course(course_id)
        enrollment = learning.enrollment_of(me().id, course_id)
        if enrollment is None:
            return redirect(here, 303)
        if not form.validate_on_submit():
            return _confirm(live, form)
        try:
            actions.issue(
                enrollment.id,
                form.name.data or "",
                issuer=_issuer(),
                actor_id=me().id,
                now=utcnow(),
            )
        except Invalid as error:
            db.session.rollback()
            form.fail("name", sentence(error))
            return _confirm(live, form)
    elif form.validate_on_submit():
        actions.try_again(certificate, utcnow())
    db.session.commit()
    return redirect(here, 303)


def _course(course_id: str) -> Course:
    """A live course that gives a certificate. Raises NotFound."""
    course = catalog.course(course_id).course
    if course.certificate == actions.NONE:
        raise NotFound("certificate.none")
    return course


def _read(course: Course) -> Course:
    """The course as this reader gets it. What is to be printed is in the course's own language."""
    return course.edition(editions.language(course))


def _confirm(course: Course, form: NameForm) -> Any:
    here = settings()
    form_of_course = layout(course.certificate)
    return answer(
        "certificates/confirm.html",
        form,
        course=course,
        organization=here.organization,
        words=wording(course.language, form_of_course.folder / "words"),
    )


def _issued(certificate: Certificate) -> Any:
    facts = queries.facts_of(certificate)
    return render_template(
        "certificates/issued.html",
        facts=facts,
        form=NameForm(),
        making=queries.making(certificate.id),
        status=queries.status_of(certificate, utcnow()),
        words=wording(facts.language, layout(facts.layout).folder / "words"),
    )


def _issuer() -> Issuer:
    here = settings()
    return Issuer(
        organization=here.organization,
        signatory_name=here.signatory_name,
        signatory_role=here.signatory_role,
        did=sign.did(here.base_url),
        base_url=here.base_url.rstrip("/"),
    )


# ----------------------------------------------------------------------------------- for everybody


@bp.get("/verify")
@allow("everyone")
def verify_form() -> Any:
    """Type a code. It is looked up at its own address, which can be sent on."""
    typed = request.args.get("code", "")
    letters = "".join(each for each in typed[:200] if each.isalnum())[:40]
    if letters:
        return redirect(url_for(".verify", code=codes.parse(typed) or letters), 302)
    return render_template("certificates/verify_form.html", asked="code" in request.args)


@bp.get("/verify/<code>")
@allow("everyone")
def verify(code: str) -> Any:
    """What a stranger with a certificate in hand came for."""
    limits.hit("verify")
    try:
        certificate = queries.by_code(code)
    except NotFound:
        return _unlisted(render_template("certificates/unknown.html"), 404)
    if certificate.code != code:
        return redirect(url_for(".verify", code=certificate.code), 302)
    facts, now = queries.facts_of(certificate), utcnow()
    page = render_template(
        "certificates/verify.html",
        facts=facts,
        record_hash=certificate.record_hash,
        status=queries.status_of(certificate, now),
        last=queries.events_of(certificate.id)[-1],
        pdf=queries.pdf_of(certificate.id),
        checked_at=now,
    )
    return _unlisted(page)


@bp.get("/certificates/<code>.pdf")
@allow("everyone")
def download(code: str) -> Any:
    """The PDF, the very file that was first made."""
    limits.hit("verify")
    certificate = _shown(code)
    pdf = queries.pdf_of(certificate.id)
    if pdf is None:
        raise NotFound("certificate")
    path = store.file_of(pdf.sha256, settings().var_path / "certificates")
    name = f"certificate-{certificate.code}.pdf"
    file = send_file(path, "application/pdf", as_attachment=True, download_name=name, max_age=0)
    file.headers["Cache-Control"] = "private, no-store"
    return _unlisted(file)


@bp.get("/certificates/<code>.json")
@allow("everyone")
def record(code: str) -> Any:
    """The record in a form to be checked by machine; a signed credential will stand here too."""
    limits.hit("verify")
    certificate = _shown(code)
    facts, pdf = queries.facts_of(certificate), queries.pdf_of(certificate.id)
    document = {
        "id": facts.credential_id,
        "record": facts.to_json(),
        "recordHash": certificate.record_hash,
        "hashedBy": "SHA-256 of the RFC 8785 canonical JSON of `record`",
        "status": queries.status_of(certificate, utcnow()),
        "verify": facts.verify_url,
        "pdf": {"sha256": pdf.sha256, "bytes": pdf.size} if pdf else None,
    }
    return _unlisted(jsonify(document))


@bp.get("/.well-known/did.json")
@allow("everyone")
def did_document() -> Any:
    """The issuer's keys, where the `did:web` method looks for them."""
    keys = current_app.extensions["mooc.issuer_keys"]
    document = jsonify(sign.did_document(sign.did(settings().base_url), keys))
    document.headers["Access-Control-Allow-Origin"] = "*"
    document.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    document.headers["Cache-Control"] = "public, max-age=300"
    return document


def _shown(code: str) -> Certificate:
    """A certificate whose facts are public. Raises NotFound, the same for every other code."""
    certificate = queries.by_code(code)
    if queries.status_of(certificate, utcnow()) in PRIVATE:
        raise NotFound("certificate")
    return certificate


def _unlisted(body: str | Response, status: int | None = None) -> Response:
    """Out of search engines: a certificate is found by its code alone."""
    response = current_app.make_response(body)
    response.status_code = status or response.status_code
    response.headers["X-Robots-Tag"] = "noindex"
    return response
