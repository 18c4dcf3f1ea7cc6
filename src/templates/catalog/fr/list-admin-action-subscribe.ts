export default `Une personne souhaite s'abonner à la liste de diffusion $listname et a
besoin de votre accord :

    $member

Veuillez accepter ou refuser cette demande sur les pages web de la
liste.
`;
