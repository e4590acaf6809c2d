"""Two districts with everything that the issuer's routes are about; the other one is on trial."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from intaglio.server.signing_in.invitations import invite
from intaglio.server.tables import Passkey
from issuer.access import Scope
from issuer.achievements.images import prepare
from issuer.achievements.models import Achievement, AchievementImage, AchievementState, AchievementVersion
from issuer.delivery.codes import claim_code, tx_code
from issuer.delivery.service import claim_of
from issuer.doors.instances import InstanceForm, open_instance
from issuer.organizations import machines, profiles, staffing
from issuer.organizations.models import ApiKey, Kind, Membership, Organization, OrganizationKey, Role, Staff
from issuer.organizations.people import Actor
from issuer.organizations.pictures import set_picture
from issuer.organizations.profiles import ProfileForm
from issuer.roster import service as roster_service
from issuer.roster.models import Enrollment, EnrollmentRole, SchoolClass
from tests.access.standing import Persona, persona_of
from tests.issuer.classroom import Classroom, add_achievement, add_learner, classroom
from tests.issuer.roster.rosters import roster, zipped
from tests.issuer.schools import World
from tests.services import UnderTest

PASSWORD = "kettle window marble thursday"
ROSTER = zipped(roster())
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
CREDENTIAL_ID = b"the teacher's passkey"


def fill_issuer(issuer: UnderTest) -> tuple[dict[str, Persona], dict[str, str]]:
    """Make both districts; return the personas of ``issuer.toml``, and the ids of what is there.

    The ids of the other district have ``other_`` before their names. The route's own names for its places are among the ids.
    """
    room, other = classroom(issuer), _other_classroom(issuer)
    staff = _more_staff(room)
    own_ids, keys = _furnish(room)
    other_ids, other_keys = _furnish(other)
    ids = own_ids | {f"other_{name}": value for name, value in other_ids.items()}
    ids["passkey"] = _passkey(room)
    ids["welcome"] = _welcome(issuer, staff["no_class"].id)
    people = {
        "other_school": room.world.stranger,
        "teacher": room.world.teacher,
        "registrar": room.world.registrar,
        "administrator": room.world.administrator,
        "other_district": other.world.administrator,
        **staff,
    }
    personas = {name: persona_of(room.world.browser(who)) for name, who in people.items()}
    tokens = {"own_key": keys["good"], "other_key": other_keys["good"], "old_key": keys["old"]}
    personas |= {name: Persona(headers={"authorization": f"Bearer {token}"}) for name, token in tokens.items()}
    return {"nobody": Persona(), **personas}, ids


def _other_classroom(issuer: UnderTest) -> Classroom:
    now, settings = issuer.clock(), issuer.settings
    with issuer.db() as db:

        def add(name: str, kind: Kind, parent: Organization | None) -> Organization:
            form = ProfileForm(name, "https://trial.example", "office@trial.example", is_test=True)
            return profiles.create_organization(db, settings, form, kind=kind, parent=parent, staff_id=None, now=now)

        district = add("Trial District", Kind.DISTRICT, None)
        school, second = (
            add("Trial High School", Kind.SCHOOL, district),
            add("Second Trial School", Kind.SCHOOL, district),
        )
        administrator = employ(db, "oda@trial.example", "Oda Outside", district, Role.ADMINISTRATOR, issuer)
        registrar = employ(db, "ove@trial.example", "Ove Outside", school, Role.REGISTRAR, issuer)
        teacher = employ(db, "ola@trial.example", "Ola Outside", school, Role.TEACHER, issuer)
        stranger = employ(db, "ona@trial.example", "Ona Outside", second, Role.TEACHER, issuer)
        achievement, version = add_achievement(db, district.id, now)
        school_class = SchoolClass(district_id=district.id, sourced_id="K1", school_id=school.id, title="Trial class")
        db.add(school_class)
        db.flush()
        world = World(issuer, district, district, school, second, administrator, registrar, teacher, stranger)
        room = Classroom(world, achievement.id, version.id, school_class.id)
        _teaches(db, room, "T1", teacher)
        room.learners = [add_learner(db, room, number) for number in range(2)]
        db.commit()
    return room


def employ(db: Session, email: str, name: str, where: Organization, role: Role, issuer: UnderTest) -> Staff:
    """Add somebody with a role. The caller commits."""
    staff, _ = staffing.find_or_add_staff(db, email=email, name=name, now=issuer.clock())
    staffing.give_role(db, where, staff, role, by=None, now=issuer.clock())
    return staff


def _teaches(db: Session, room: Classroom, sourced_id: str, staff: Staff, **values: Any) -> None:
    row = Enrollment(
        district_id=room.world.district.id,
        sourced_id=sourced_id,
        class_id=room.class_id,
        role=EnrollmentRole.TEACHER,
        staff_id=staff.id,
        **values,
    )
    db.add(row)


def _more_staff(room: Classroom) -> dict[str, Staff]:
    issuer, school = room.issuer, room.world.school
    with issuer.db() as db:
        no_class = employ(db, "nora@prairie.example", "Nora Noclass", school, Role.TEACHER, issuer)
        former = employ(db, "fay@prairie.example", "Fay Former", school, Role.TEACHER, issuer)
        _teaches(db, room, "T2", former, ends_on=issuer.clock().date() - timedelta(days=1))
        # She taught a class beside this one, so that having any class is not what decides.
        beside = SchoolClass(
            district_id=room.world.district.id, sourced_id="K2", school_id=school.id, title="Advisory 2"
        )
        db.add(beside)
        db.flush()
        db.add(
            Enrollment(
                district_id=room.world.district.id,
                sourced_id="T3",
                class_id=beside.id,
                role=EnrollmentRole.TEACHER,
                staff_id=no_class.id,
            )
        )
        db.commit()
    return {"no_class": no_class, "former": former}


def _furnish(room: Classroom) -> tuple[dict[str, str], dict[str, str]]:
    """Return the ids of what is in a district, and the keys of machines."""
    issuer, world, now = room.issuer, room.world, room.now
    award = room.sealed(room.learners[:1])[0]
    with issuer.db() as db:
        school = db.get_one(Organization, world.school.id)
        set_picture(school, DRAWING)
        for staff in (
            world.registrar,
            world.administrator,
        ):  # the accounts were made here, and are nobody else's to open
            db.get_one(Staff, staff.id).origin_id = world.district.id
        picture = prepare(DRAWING)
        if db.get(AchievementImage, picture.digest) is None:
            db.add(AchievementImage(digest=picture.digest, media_type=picture.media_type, content=picture.content))
        db.flush()
        made = {
            name: _achievement(db, school.id, name, state, picture.digest, issuer)
            for name, state in (
                ("draft", AchievementState.DRAFT),
                ("published", AchievementState.PUBLISHED),
                ("retired", AchievementState.RETIRED),
            )
        }
        membership = db.exec(select(Membership).where(Membership.staff_id == world.registrar.id)).one()
        key = db.exec(select(OrganizationKey).where(OrganizationKey.organization_id == school.id)).first()
        claim = claim_of(db, award.id)
        assert key is not None
        assert claim is not None
        scope = Scope(
            Actor(world.administrator.id, "", ()), db.get_one(Organization, world.district.id), frozenset(Role)
        )
        imported = roster_service.check(db, scope, "roster.zip", ROSTER, now=now)
        keys = {"good": machines.create(db, school, "student system", staff_id=None, now=now)}
        kept = db.exec(select(ApiKey).where(ApiKey.organization_id == school.id)).one()
        keys["old"] = machines.create(db, school, "old system", staff_id=None, now=now)
        given_up = db.exec(select(ApiKey).where(ApiKey.organization_id == school.id, ApiKey.name == "old system")).one()
        machines.revoke(db, school, given_up.id, staff_id=None, now=now)
        wanted = InstanceForm("eddsa-rdfc-2022", "organization", "")
        door = open_instance(db, issuer.settings, school, wanted, staff_id=None, now=now)
        secret = issuer.settings.secret_bytes
        ids = {
            "organization_id": str(school.id),
            "district_id": str(world.district.id),
            "slug": school.slug,
            "learner_id": str(room.learners[0]),
            "second_learner_id": str(room.learners[1]),
            "class_id": str(room.class_id),
            "achievement_id": str(room.achievement_id),
            "version_id": str(made["published"][1].id),
            "own_achievement_id": str(made["published"][0].id),
            "draft_id": str(made["draft"][0].id),
            "draft_version_id": str(made["draft"][1].id),
            "draft_seen": made["draft"][1].edited_at.isoformat(),
            "retired_id": str(made["retired"][0].id),
            "awarded_version_id": str(room.version_id),
            "batch_id": str(award.batch_id),
            "award_id": str(award.id),
            "membership_id": str(membership.id),
            "signing_key_id": str(key.id),
            "signing_key": key.fragment,
            "machine_key_id": str(kept.id),
            "import_id": str(imported.id),
            "instance_id": str(door.id),
            "instance": door.slug,
            "purpose": "revocation",
            "number": "1",
            "change": "withdraw",
            "code": claim_code(secret, claim.id),
            "tx_code": tx_code(secret, claim.id),
        }
        db.commit()
    return ids, keys


def _achievement(
    db: Session, organization_id: UUID, code: str, state: AchievementState, digest: str, issuer: UnderTest
) -> tuple[Achievement, AchievementVersion]:
    """Add an achievement of the school's own; a draft's version is not published."""
    now = issuer.clock()
    _, pattern = add_achievement(db, organization_id, now, code=f"pattern-of-{code}")
    achievement = Achievement(
        organization_id=organization_id, code=code, name=code.title(), state=state, created_at=now
    )
    db.add(achievement)
    db.flush()
    version = AchievementVersion(
        achievement_id=achievement.id,
        number=1,
        definition={**pattern.definition, "name": code.title()},
        image_digest=digest,
        edited_at=now,
        published_at=None if state is AchievementState.DRAFT else now,
    )
    db.add(version)
    db.flush()
    return achievement, version


def _passkey(room: Classroom) -> str:
    with room.issuer.db() as db:
        for credential_id, name in ((CREDENTIAL_ID, "Phone"), (b"another of hers", "Laptop")):
            db.add(
                Passkey(
                    credential_id=credential_id,
                    account_id=room.world.teacher.id,
                    public_key=b"",
                    sign_count=0,
                    name=name,
                    transports=[],
                    created_at=room.now,
                )
            )
        db.commit()
    return CREDENTIAL_ID.hex()


def _welcome(issuer: UnderTest, account_id: UUID) -> str:
    with issuer.db() as db:
        token = invite(db, account_id, now=issuer.clock())
        db.commit()
    return token
