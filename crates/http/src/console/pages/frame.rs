//! What surrounds every room: where one can go, who one is, the way out.

use platen_domain::organizations::Organization;
use platen_domain::roles::Capability;
use platen_domain::users::User;

use crate::console::addresses;

/// The frame of a page for a signed-in person.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) organization: String,
    pub(crate) user: String,
    pub(crate) role: String,
    pub(crate) groups: Vec<Group>,
    /// Proves that a form came from a page of this very session.
    pub(crate) form_token: String,
}

/// Rooms under one heading.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) label: &'static str,
    pub(crate) rooms: Vec<RoomLink>,
}

/// The way to one room.
#[derive(Debug, Clone)]
pub(crate) struct RoomLink {
    pub(crate) label: &'static str,
    pub(crate) href: &'static str,
    pub(crate) current: bool,
}

/// A room of the console.
struct Room {
    group: &'static str,
    label: &'static str,
    href: &'static str,
    needs: Capability,
}

const fn room(
    group: &'static str,
    label: &'static str,
    href: &'static str,
    needs: Capability,
) -> Room {
    Room {
        group,
        label,
        href,
        needs,
    }
}

/// Every room, in the order of the navigation.
const ROOMS: [Room; 5] = [
    room(
        "Analysis",
        "API",
        addresses::REPORT_APIS,
        Capability::AnalysisApi,
    ),
    room(
        "Analysis",
        "Transactions",
        addresses::TRANSACTIONS,
        Capability::ViewPrintJobs,
    ),
    room("Fleet", "Meter", addresses::METERS, Capability::ViewFleet),
    room("Fleet", "Toner", addresses::TONER, Capability::ViewFleet),
    room("Fleet", "Status", addresses::STATUS, Capability::ViewFleet),
];

/// The first room that `user` may enter.
pub(crate) fn first_room(user: &User) -> Option<&'static str> {
    let mut rooms = ROOMS.iter().filter(|room| user.role.can(room.needs));
    rooms.next().map(|room| room.href)
}

impl Frame {
    /// The frame around the room at `current`, with only the rooms that the user may enter.
    pub(crate) fn new(
        user: &User,
        organization: &Organization,
        form_token: String,
        current: &str,
    ) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for room in ROOMS.iter().filter(|room| user.role.can(room.needs)) {
            let link = RoomLink {
                label: room.label,
                href: room.href,
                current: room.href == current,
            };
            match groups.last_mut().filter(|group| group.label == room.group) {
                Some(group) => group.rooms.push(link),
                None => groups.push(Group {
                    label: room.group,
                    rooms: vec![link],
                }),
            }
        }
        Self {
            organization: organization.name.clone(),
            user: user.name.clone(),
            role: user.role.to_string(),
            groups,
            form_token,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::ids::{OrganizationId, UserId};
    use platen_domain::roles::Role;

    pub(crate) fn frame(role: Role, current: &str) -> Frame {
        let now = Timestamp::from_millis(1_795_452_000_000);
        let organization = Organization {
            id: OrganizationId::from_bytes([1; 16]),
            name: "Northwind & Sons".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            created_at: now,
        };
        let user = User {
            id: UserId::from_bytes([2; 16]),
            organization: organization.id,
            name: "ada".to_owned(),
            role,
            created_at: now,
            deactivated_at: None,
        };
        Frame::new(&user, &organization, "form-token".to_owned(), current)
    }

    #[test]
    fn only_rooms_the_role_may_enter_are_shown() {
        let shown = |role| {
            let groups = frame(role, addresses::METERS).groups;
            let rooms = groups.into_iter().flat_map(|group| group.rooms);
            rooms
                .map(|room| (room.label, room.current))
                .collect::<Vec<_>>()
        };
        let fleet = [
            ("Transactions", false),
            ("Meter", true),
            ("Toner", false),
            ("Status", false),
        ];
        assert_eq!(shown(Role::PrintAnalyst), fleet);
        assert_eq!(
            shown(Role::ItAdministrator),
            [&[("API", false)], &fleet[..]].concat()
        );
    }
}
